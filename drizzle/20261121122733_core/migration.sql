CREATE TABLE "apps" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"client_id" text UNIQUE,
	"client_secret_hash" text,
	"api_key_hash" text UNIQUE,
	"requires_token" boolean DEFAULT true NOT NULL,
	"networks" text[],
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "apps_organization_id_name_unique" UNIQUE("organization_id","name")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY,
	"key" text NOT NULL UNIQUE,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"app_id" uuid,
	"hash" text NOT NULL UNIQUE,
	"scopes" text[] NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"number" text NOT NULL,
	"username" text NOT NULL UNIQUE,
	"password_hash" text,
	"display_name" text,
	"account_type" text NOT NULL,
	CONSTRAINT "users_organization_id_number_unique" UNIQUE("organization_id","number")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"occurred_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"app_id" uuid,
	"dialect" text NOT NULL,
	"operation" text NOT NULL,
	"subjects" text[] NOT NULL,
	"result" text NOT NULL,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_deliveries" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"event_row_id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"state" text NOT NULL,
	"attempts" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid,
	"key" text,
	"organization_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"input_hash" text NOT NULL,
	"result" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "call_identifiers" (
	"organization_id" uuid,
	"scheme" text,
	"value" text,
	"call_id" uuid NOT NULL,
	CONSTRAINT "call_identifiers_pkey" PRIMARY KEY("organization_id","scheme","value")
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"connector" text,
	"epoch" text,
	"native_id" text,
	"state" text NOT NULL,
	"direction" text NOT NULL,
	"call_type" text NOT NULL,
	"ani" text,
	"dnis" text,
	"offered_at" timestamp(3) with time zone NOT NULL,
	"answered_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"disposition" text,
	"q850_cause" smallint,
	"ended_by" text,
	"recording_state" text DEFAULT 'STOPPED' NOT NULL,
	"user_data" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"deletion_requested_at" timestamp(3) with time zone,
	"held_for_legal" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deletion_watches" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"owner_id" uuid,
	"number" text NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "participants" (
	"call_id" uuid,
	"sequence" text,
	"organization_id" uuid NOT NULL,
	"native_id" text,
	"role" text NOT NULL,
	"number" text,
	"name" text,
	"extension_id" uuid,
	"state" text NOT NULL,
	"muted" boolean DEFAULT false NOT NULL,
	"ringing_at" timestamp(3) with time zone,
	"answered_at" timestamp(3) with time zone,
	"held_at" timestamp(3) with time zone,
	"left_at" timestamp(3) with time zone,
	"parked_at" timestamp(3) with time zone,
	"parked_position" integer,
	"parked_by" text,
	"disposition" text,
	"offered_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "participants_pkey" PRIMARY KEY("call_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "extensions" (
	"id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"number" text NOT NULL,
	"short_number" text NOT NULL,
	"kind" text NOT NULL,
	"label" text,
	"owner_id" uuid,
	CONSTRAINT "extensions_organization_id_number_unique" UNIQUE("organization_id","number")
);
--> statement-breakpoint
CREATE TABLE "phone_call_events" (
	"row_id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"extension_id" uuid NOT NULL,
	"id" text NOT NULL,
	"type" smallint NOT NULL,
	"method" text NOT NULL,
	"url" text NOT NULL,
	"status" text NOT NULL,
	"note" text,
	"modified_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_changes" (
	"xid" xid8 DEFAULT pg_current_xact_id(),
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "call_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"occurred_at" timestamp(3) with time zone NOT NULL,
	"state" jsonb,
	"extension_ids" uuid[] NOT NULL,
	"owner_ids" uuid[] NOT NULL,
	CONSTRAINT "call_changes_pkey" PRIMARY KEY("xid","id")
);
--> statement-breakpoint
CREATE TABLE "feed_state" (
	"single" boolean PRIMARY KEY DEFAULT true,
	"incarnation" uuid DEFAULT gen_random_uuid() NOT NULL,
	"trimmed_xid" xid8 DEFAULT '0' NOT NULL,
	"trimmed_id" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "apps_user_id_index" ON "apps" ("user_id");--> statement-breakpoint
CREATE INDEX "tokens_user_id_index" ON "tokens" ("user_id");--> statement-breakpoint
CREATE INDEX "tokens_app_id_index" ON "tokens" ("app_id");--> statement-breakpoint
CREATE INDEX "audit_entries_organization_id_id_index" ON "audit_entries" ("organization_id","id");--> statement-breakpoint
CREATE INDEX "event_deliveries_event_row_id_created_at_index" ON "event_deliveries" ("event_row_id","created_at");--> statement-breakpoint
CREATE INDEX "event_deliveries_call_id_index" ON "event_deliveries" ("call_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" ("created_at");--> statement-breakpoint
CREATE INDEX "call_identifiers_call_id_index" ON "call_identifiers" ("call_id");--> statement-breakpoint
CREATE INDEX "call_identifiers_scheme_value_index" ON "call_identifiers" ("scheme","value");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_connector_epoch_native_id_index" ON "calls" ("connector","epoch","native_id");--> statement-breakpoint
CREATE INDEX "calls_organization_id_offered_at_id_index" ON "calls" ("organization_id","offered_at","id");--> statement-breakpoint
CREATE INDEX "calls_offered_at_id_index" ON "calls" ("offered_at","id");--> statement-breakpoint
CREATE INDEX "calls_live_index" ON "calls" ("offered_at","id") WHERE "state" <> 'ENDED';--> statement-breakpoint
CREATE INDEX "deletion_watches_organization_id_number_index" ON "deletion_watches" ("organization_id","number");--> statement-breakpoint
CREATE INDEX "participants_extension_id_offered_at_call_id_index" ON "participants" ("extension_id","offered_at","call_id");--> statement-breakpoint
CREATE INDEX "participants_number_offered_at_call_id_index" ON "participants" ("number","offered_at","call_id");--> statement-breakpoint
CREATE INDEX "extensions_organization_id_short_number_index" ON "extensions" ("organization_id","short_number");--> statement-breakpoint
CREATE INDEX "extensions_number_index" ON "extensions" ("number");--> statement-breakpoint
CREATE INDEX "extensions_owner_id_number_index" ON "extensions" ("owner_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "phone_call_events_organization_id_id_index" ON "phone_call_events" ("organization_id","id");--> statement-breakpoint
CREATE INDEX "phone_call_events_id_index" ON "phone_call_events" ("id");--> statement-breakpoint
CREATE INDEX "phone_call_events_extension_id_row_id_index" ON "phone_call_events" ("extension_id","row_id");--> statement-breakpoint
CREATE INDEX "call_changes_call_id_index" ON "call_changes" ("call_id");--> statement-breakpoint
CREATE INDEX "call_changes_occurred_at_index" ON "call_changes" ("occurred_at");--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_app_id_apps_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "event_deliveries" ADD CONSTRAINT "event_deliveries_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "call_identifiers" ADD CONSTRAINT "call_identifiers_call_id_calls_id_fkey" FOREIGN KEY ("call_id") REFERENCES "calls"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deletion_watches" ADD CONSTRAINT "deletion_watches_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "participants" ADD CONSTRAINT "participants_call_id_calls_id_fkey" FOREIGN KEY ("call_id") REFERENCES "calls"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "participants" ADD CONSTRAINT "participants_extension_id_extensions_id_fkey" FOREIGN KEY ("extension_id") REFERENCES "extensions"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "phone_call_events" ADD CONSTRAINT "phone_call_events_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "phone_call_events" ADD CONSTRAINT "phone_call_events_extension_id_extensions_id_fkey" FOREIGN KEY ("extension_id") REFERENCES "extensions"("id") ON DELETE CASCADE;