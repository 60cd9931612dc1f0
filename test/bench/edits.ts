/** Numbers from 0 to 1 in an order that is the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const typed = ["x", " ", "(", ")", "'", ";", ",", "\n", "$$", "-", "/*", '"', ".", "1"];
const pasted =
  "\nCREATE TABLE prototype.pasted (id int REFERENCES prototype.orders);\nSELECT 'a' FROM prototype.pasted;\n";

const statements = `
CREATE TABLE prototype.written (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES prototype.customers (id) ON DELETE CASCADE,
  note text DEFAULT 'it''s'
);

CREATE FUNCTION prototype.write() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO prototype.written (id) SELECT id FROM prototype.orders; /* all */
  RETURN NEW;
END
$body$;
`;

/** Statements being written in the middle of a text, one character after the other. */
export function* written(text: string): Generator<string> {
  const at = text.indexOf(";\n", text.length / 2) + 2;
  for (let length = 1; length <= statements.length; length++)
    yield text.slice(0, at) + statements.slice(0, length) + text.slice(at);
}

/** One edit of each kind at a random place, each followed by its undoing, so that the text stays what it is. */
export function* edited(text: string, random: () => number): Generator<{ what: string; text: string }> {
  const place = () => Math.floor(random() * text.length);
  const at = place();
  yield { what: "typing", text: text.slice(0, at) + typed[Math.floor(random() * typed.length)] + text.slice(at) };
  yield { what: "undoing", text };
  const from = place();
  yield { what: "deleting", text: text.slice(0, from) + text.slice(from + 1 + Math.floor(random() * 5)) };
  yield { what: "undoing", text };
  const lineEnd = text.indexOf("\n", place()) + 1;
  yield { what: "pasting", text: text.slice(0, lineEnd) + pasted + text.slice(lineEnd) };
  yield { what: "undoing", text };
}
