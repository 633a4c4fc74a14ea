ALTER TABLE "calls" ADD COLUMN "user_data_erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "dtmf_erased_at" timestamp with time zone;