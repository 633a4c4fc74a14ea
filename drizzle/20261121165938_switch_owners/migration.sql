CREATE TABLE "connector_links" (
	"connector" text PRIMARY KEY,
	"term" integer NOT NULL,
	"owner" uuid,
	"link" text NOT NULL,
	"since" timestamp(3) with time zone NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "switch_commands" (
	"id" uuid PRIMARY KEY,
	"connector" text NOT NULL,
	"method" text NOT NULL,
	"request" jsonb,
	"state" text NOT NULL,
	"term" integer,
	"answer" jsonb,
	"queued_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"take_before" timestamp(3) with time zone NOT NULL,
	"begin_before" timestamp(3) with time zone NOT NULL,
	"forget_after" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "switch_commands_connector_queued_at_index" ON "switch_commands" ("connector","queued_at");