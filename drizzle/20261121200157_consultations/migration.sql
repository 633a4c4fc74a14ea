ALTER TABLE "calls" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
CREATE INDEX "calls_parent_index" ON "calls" ("parent_id") WHERE "parent_id" is not null;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_parent_id_calls_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "calls"("id") ON DELETE SET NULL;