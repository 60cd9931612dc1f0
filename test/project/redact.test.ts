import { expect, it } from "vitest";
import { redactUrl } from "../../server/src/project/redact";

it.each([
  ["postgresql://app:secret@db:5432/shop", "postgresql://app:***@db:5432/shop"],
  ["postgresql://app:s@c/r?e#t@db/shop", "postgresql://app:***@db/shop"],
  ["postgresql://:secret@db/shop", "postgresql://:***@db/shop"],
  ["postgresql:///shop?host=/run/pg&password=secret&user=app", "postgresql:///shop?host=/run/pg&password=***&user=app"],
  ["Server=db;User Id=sa;Password=secret;Encrypt=true", "Server=db;User Id=sa;Password=***;Encrypt=true"],
  ["Server=db;PWD={se;cret}", "Server=db;PWD=***"],
  ['Server=db;Password="se;cret";Encrypt=true', "Server=db;Password=***;Encrypt=true"],
  ['Server=db;Password="s""e;cret";Encrypt=true', "Server=db;Password=***;Encrypt=true"],
  ["Server=db;Password='s''e;cret';Encrypt=true", "Server=db;Password=***;Encrypt=true"],
  ["Server=db;Password={s}}e;cret};Encrypt=true", "Server=db;Password=***;Encrypt=true"],
  ["postgresql://app:se cret@db:5432/shop", "postgresql://app:***@db:5432/shop"],
  [
    "could not connect to postgresql://a:secret@h/d, nor to postgresql://b:secret@h/d",
    "could not connect to postgresql://a:***@h/d, nor to postgresql://b:***@h/d",
  ],
])("%s", (text, redacted) => {
  expect(redactUrl(text)).toBe(redacted);
});

it.each([
  "postgresql://app@db:5432/shop",
  "postgresql://db:5432/shop",
  "embedded:.tenantry/sandbox",
  "the password is wrong",
])("leaves %s alone", (text) => {
  expect(redactUrl(text)).toBe(text);
});
