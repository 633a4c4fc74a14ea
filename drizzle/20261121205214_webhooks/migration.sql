CREATE TABLE "webhook_secrets" (
	"organization_id" uuid PRIMARY KEY,
	"secret" text NOT NULL,
	"previous" text,
	"changed_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "participants" ADD COLUMN "milestones" smallint DEFAULT 7 NOT NULL;--> statement-breakpoint
-- What is there already fires no more; and a default that is constant rewrites no table.
ALTER TABLE "participants" ALTER COLUMN "milestones" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "phone_call_events" ADD COLUMN "suspended_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "event_deliveries_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "receiver" text NOT NULL;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "parameters" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "due_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "retrying_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD COLUMN "delivered_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "event_deliveries" ALTER COLUMN "state" SET DEFAULT 'PENDING';--> statement-breakpoint
ALTER TABLE "event_deliveries" ALTER COLUMN "attempts" SET DEFAULT '[]';--> statement-breakpoint
CREATE INDEX "event_deliveries_due_index" ON "event_deliveries" ("organization_id","receiver","due_at") WHERE "state" = 'PENDING';--> statement-breakpoint
CREATE INDEX "event_deliveries_lane_index" ON "event_deliveries" ("call_id","receiver","position") WHERE "state" = 'PENDING';--> statement-breakpoint
CREATE INDEX "event_deliveries_suspended_index" ON "event_deliveries" ("event_row_id") WHERE "state" = 'SUSPENDED';--> statement-breakpoint
CREATE INDEX "event_deliveries_delivered_index" ON "event_deliveries" ("delivered_at") WHERE "state" = 'DELIVERED';--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;