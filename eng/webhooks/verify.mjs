// Verifies webhooks as receivers do, with both public libraries. Reads [{ "secret", "headers", "body" }] and prints one verdict a line.
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const parts = [];
for await (const part of process.stdin) parts.push(part);
for (const { secret, headers, body } of JSON.parse(Buffer.concat(parts).toString("utf8"))) {
  for (const [name, Library] of [["standardwebhooks", Standard], ["svix", Svix]]) {
    try {
      new Library(secret).verify(body, headers);
      console.log(`${name} verified`);
    } catch (error) {
      console.log(`${name} refused: ${error.message}`);
    }
  }
}
