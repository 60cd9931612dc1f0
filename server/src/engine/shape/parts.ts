/**
 * Who may do what with an object, in one order, as an expression; null where nobody was given more or less than a new object of
 * the owner gives. Who granted it is left out: a grant is the same whoever made it.
 * @param kind as `acldefault` has it
 */
export function privileges(acl: string, kind: string, owner: string): string {
  return `case when ${acl} is not null then nullif(coalesce(${listed(acl, owner)}, 'none'), coalesce(${listed(`acldefault(${kind}, ${owner})`, owner)}, 'none')) end`;
}

/** The entries of an access list as text; the owner goes without a name, as tenants may have owners of their own. */
export function listed(acl: string, owner: string): string {
  const grantee = `case a.grantee when 0 then 'public' when ${owner} then '<owner>' else quote_ident(pg_get_userbyid(a.grantee)) end`;
  const entry = `${grantee} || ' ' || lower(a.privilege_type) || case when a.is_grantable then ' with grant option' else '' end`;
  return `(select string_agg(entry, ', ' order by entry collate "C") from (select ${entry} as entry from aclexplode(${acl}) a) entries)`;
}

export function comment(catalog: string, id: string, column = "0"): string {
  return `(select said.description from pg_description said where said.objoid = ${id} and said.classoid = '${catalog}'::regclass and said.objsubid = ${column})`;
}

/** The server gives such names by itself, and counts where the first choice is taken: the number says nothing. */
export function withoutNumber(name: string): string {
  return `regexp_replace(${name}, '_(fkey|check|key|pkey|excl|not_null|idx)[0-9]+$', '_\\1')`;
}

/** A text in which the schema's own name, where it qualifies another or is a whole literal, stands as a symbol. */
export function ownName(text: string): string {
  return `case when strpos(lower(${text}), lower(path.written)) = 0 then ${text} else regexp_replace(${text}, path.own, '<schema>', 'gi') end`;
}
