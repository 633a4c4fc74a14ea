CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"username" text NOT NULL,
	"state" text NOT NULL,
	"number" text,
	"subject_hash" text NOT NULL,
	"requested_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"expected" integer NOT NULL,
	"erased" integer DEFAULT 0 NOT NULL,
	"cleared" integer DEFAULT 0 NOT NULL,
	"held" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb NOT NULL,
	"certificate" text
);
--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "retention_days" integer;--> statement-breakpoint
CREATE INDEX "calls_held_index" ON "calls" ("organization_id") WHERE "held_for_legal";--> statement-breakpoint
CREATE INDEX "erasures_organization_id_id_index" ON "erasures" ("organization_id","id");--> statement-breakpoint
CREATE INDEX "erasures_state_index" ON "erasures" ("state");--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;