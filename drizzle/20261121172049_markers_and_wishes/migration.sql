CREATE TABLE "call_markers" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"name" text NOT NULL,
	"start_ms" integer NOT NULL,
	"end_ms" integer,
	"is_open" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "allows_get" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "deletion_watches" ADD COLUMN "action" text DEFAULT 'DELETE' NOT NULL;--> statement-breakpoint
ALTER TABLE "deletion_watches" ADD COLUMN "marker" text;--> statement-breakpoint
CREATE INDEX "call_markers_call_id_start_ms_id_index" ON "call_markers" ("call_id","start_ms","id");--> statement-breakpoint
ALTER TABLE "call_markers" ADD CONSTRAINT "call_markers_call_id_calls_id_fkey" FOREIGN KEY ("call_id") REFERENCES "calls"("id") ON DELETE CASCADE;