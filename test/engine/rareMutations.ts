/** What is changed in a schema "acme" of the shape of what is seldom, and what the comparison has to say of it. */
export const rareMutations: readonly (readonly [sql: string, ...messages: string[]])[] = [
  ["alter type acme.label set (receive = none)", "base type label: definition differs"],
  ["alter type acme.tiny owner to shape_other", "base type tiny: owner is shape_other instead of shape_owner"],
  ["grant usage on type acme.label to public", "base type label: privileges have also public usage"],
  ["drop type acme.promised", "shell type promised is missing"],
  [
    "alter operator acme.= (acme.label, acme.label) set (restrict = neqsel)",
    "operator =(label,label): definition differs",
  ],
  [
    "alter operator acme.!! (none, acme.label) owner to shape_other",
    "operator !!(NONE,label): owner is shape_other instead of shape_owner",
  ],
  [
    "comment on operator acme.= (acme.label, acme.label) is null",
    "operator =(label,label): comment is not set instead of the same label",
  ],
  [
    "alter operator family acme.labels using btree drop operator 3 (acme.label, text)",
    "operator family labels using btree: members is function 1 (label, text) compare(label,text) instead of function 1 (label, text) compare(label,text), operator 3 = (label, text)",
  ],
  [
    "alter operator family acme.labels using btree drop operator 3 (acme.label, text); alter operator family acme.labels using btree add operator 3 prototype.= (prototype.label, text)",
    "operator family labels using btree: members",
    "depends on ",
  ],
  ["drop operator class acme.stored using gist cascade", "operator class stored using gist is missing"],
  [
    'alter operator class acme."Other ops" using btree owner to shape_other',
    'operator class "Other ops" using btree: owner is shape_other instead of shape_owner',
  ],
  ["comment on operator class acme.label_ops using btree is 'x'", "operator class label_ops using btree: comment is x"],
  ["drop cast (acme.money as text) cascade", "cast from money to text is missing"],
  [
    "drop cast (acme.label as text) cascade; create cast (acme.label as text) without function as assignment",
    "cast from label to text: definition is without function as assignment instead of without function as implicit",
  ],
  ["drop transform for acme.money language sql", "transform for money language sql is missing"],
  [
    "set local allow_system_table_mods = on; insert into pg_seclabel values ('acme.parts'::regclass, 'pg_class'::regclass, 2, 'selinux', 'secret')",
    "security label of selinux on column good of table parts is there, and the prototype has none",
  ],
  [
    "alter text search configuration acme.shop drop mapping for email",
    'text search configuration shop: mappings is "int" with pg_catalog.simple; asciiword, word with words, simple, german_stem instead of',
  ],
  [
    "alter text search configuration acme.shop alter mapping replace acme.words with prototype.words",
    "text search configuration shop: mappings is asciiword, word with prototype.words",
    "depends on text search dictionary prototype.words",
  ],
  [
    "alter text search dictionary acme.words (accept = true)",
    "text search dictionary words: options is accept = 'true'",
  ],
  [
    "alter text search dictionary acme.words owner to shape_other",
    "text search dictionary words: owner is shape_other",
  ],
  ["comment on text search parser acme.split is null", "text search parser split: comment is not set"],
  ["alter text search template acme.plain rename to other", "text search template plain is missing", "other is there"],
  ["drop conversion acme.latin", "conversion latin is missing"],
  ["alter conversion acme.latin_back owner to shape_other", "conversion latin_back: owner is shape_other"],
  [
    "create or replace aggregate acme.least_of(acme.label) (sfunc = acme.pick, stype = acme.label)",
    "aggregate least_of(label): aggregate is create aggregate least_of(label) (sfunc = pick, stype = label)",
  ],
];
