CREATE TABLE "deleted_calls" (
	"connector" text,
	"epoch" text,
	"name_hash" text,
	CONSTRAINT "deleted_calls_pkey" PRIMARY KEY("connector","epoch","name_hash")
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "deletion_requested_by" uuid;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "deletion_reason" uuid;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "end_recorded_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "deletion_watches" ADD COLUMN "requested_by" uuid;--> statement-breakpoint
ALTER TABLE "deletion_watches" ADD COLUMN "created_at" timestamp(3) with time zone DEFAULT now() NOT NULL;