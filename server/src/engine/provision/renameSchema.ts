/**
 * The function that names another schema in a function's text, which the server keeps as it was written: where the old name
 * qualifies another one, where it stands after `schema` or in a search path, and in literals that name an object or are compared
 * with a schema's name. Comments are left alone. Any other literal or word that holds the name comes back as `unread`: nobody
 * knows what it means.
 */
export const renameSchema = String.raw`
create or replace function tenantry.rename_schema(body text, old_name text, new_name text, out renamed text, out unread text)
language plpgsql immutable strict
set search_path = pg_catalog, pg_temp
as $rename$
declare
  escaped text := regexp_replace(old_name, '([^[:alnum:]_])', '\\\1', 'g');
  quoted text := '"' || replace(new_name, '"', '""') || '"';
  quoted_old text := '"' || replace(old_name, '"', '""') || '"';
  is_plain boolean := old_name ~ '^[a-z_][a-z0-9_$]*$';
  either text := replace(format('"%s"', escaped), '""', '"') || case when is_plain then '|' || escaped else '' end;
  interesting text := '''|"|\$|--|/\*' || case when is_plain then '|(?<![[:alnum:]_$.])' || escaped || '(?![[:alnum:]_$])' else '' end;
  here integer := 1;
  hit integer;
  sign text;
  rest text;
  piece text;
  content text;
  before text;
  depth integer;
begin
  renamed := '';
  if strpos(lower(body), lower(old_name)) = 0 and strpos(body, quoted_old) = 0 then
    renamed := body;
    return;
  end if;
  loop
    hit := regexp_instr(body, interesting, here, 1, 0, 'i');
    exit when hit = 0;
    renamed := renamed || substr(body, here, hit - here);
    rest := substr(body, hit);
    sign := left(rest, 1);
    before := right(renamed, 200);
    if left(rest, 2) = '--' then
      piece := regexp_substr(rest, '^[^\n]*');
      renamed := renamed || piece;
    elsif left(rest, 2) = '/*' then
      depth := 1;
      here := 3;
      while depth > 0 loop
        here := regexp_instr(rest, '/\*|\*/', here);
        exit when here = 0;
        depth := depth + case when substr(rest, here, 1) = '/' then 1 else -1 end;
        here := here + 2;
      end loop;
      piece := case when here = 0 then rest else left(rest, here - 1) end;
      renamed := renamed || piece;
    elsif sign = '$' then
      piece := case when before ~ '[[:alnum:]_$]$' then null else regexp_substr(rest, '^\$([[:alpha:]_][[:alnum:]_]*)?\$') end;
      if piece is null then
        piece := '$';
      else
        content := substr(rest, length(piece) + 1);
        content := left(content, coalesce(nullif(strpos(content, piece), 0) - 1, length(content)));
        if content ~* ('(?<![[:alnum:]_$])' || escaped || '(?![[:alnum:]_$])') then
          unread := coalesce(unread, content);
        end if;
        piece := piece || content || piece;
      end if;
      renamed := renamed || piece;
    elsif sign = '''' then
      piece := coalesce(
        case when before ~ '(^|[^[:alnum:]_$])[eE]$' then regexp_substr(rest, '^''([^''\\]|\\.|'''')*''') else regexp_substr(rest, '^''([^'']|'''')*''') end, rest);
      content := replace(substr(piece, 2, length(piece) - 2), '''''', '''');
      if strpos(lower(content), lower(old_name)) = 0 then
        renamed := renamed || piece;
      elsif content ~ ('^\s*(' || either || ')\s*\.\s*("([^"]|"")+"|[[:alpha:]_][[:alnum:]_$]*)\s*(\(.*\)|(\[\])*)\s*$') then
        renamed := renamed || '''' || replace(regexp_replace(content, '^\s*(' || either || ')', replace(quoted, '\', '\\')), '''', '''''') || '''';
      elsif content = old_name and before ~* '(nspname|schemaname|schema_name|_schema)["[:space:]]*(=|<>|!=|in\s*\(([^()]*,)?|=\s*any\s*\(\s*(array\s*\[)?([^()]*,)?)\s*$' then
        renamed := renamed || '''' || replace(new_name, '''', '''''') || '''';
      elsif before ~* 'set_config\s*\(\s*''search_path''\s*,\s*$' then
        renamed := renamed || '''' || replace(regexp_replace(content, '(?<![[:alnum:]_$"])(' || either || ')(?![[:alnum:]_$"])', replace(quoted, '\', '\\'), 'g'), '''', '''''') || '''';
      else
        if content ~* ('(?<![[:alnum:]_$])' || escaped || '(?![[:alnum:]_$])') then
          unread := coalesce(unread, content);
        end if;
        renamed := renamed || piece;
      end if;
    else
      piece := case when sign = '"' then coalesce(regexp_substr(rest, '^"([^"]|"")*"'), rest) else left(rest, length(old_name)) end;
      if (sign <> '"' or piece = quoted_old) and before !~ '\.\s*$' then
        if substr(rest, length(piece) + 1) ~ '^\s*\.' or before ~* '(\mschema|search_path["[:space:]]*(=|\mto\M)(([^;]*),)?)\s*$' then
          renamed := renamed || quoted;
        else
          unread := coalesce(unread, piece);
          renamed := renamed || piece;
        end if;
      else
        renamed := renamed || piece;
      end if;
    end if;
    here := hit + length(piece);
  end loop;
  renamed := renamed || substr(body, here);
end
$rename$;`;
