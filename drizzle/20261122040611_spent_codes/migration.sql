ALTER TABLE "tokens" ADD COLUMN "code_hash" text;--> statement-breakpoint
CREATE INDEX "tokens_code_hash_index" ON "tokens" ("code_hash");