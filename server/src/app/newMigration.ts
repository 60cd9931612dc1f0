export { createMigration as newMigration } from "../project/create";
