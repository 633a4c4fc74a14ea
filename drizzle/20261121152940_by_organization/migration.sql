DROP INDEX "participants_number_offered_at_call_id_index";--> statement-breakpoint
CREATE INDEX "calls_live_of_organization_index" ON "calls" ("organization_id","offered_at","id") WHERE "state" <> 'ENDED';--> statement-breakpoint
CREATE INDEX "participants_organization_id_number_offered_at_call_id_index" ON "participants" ("organization_id","number","offered_at","call_id");