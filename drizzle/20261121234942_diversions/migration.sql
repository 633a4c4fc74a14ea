CREATE TABLE "diversions" (
	"extension_id" uuid PRIMARY KEY,
	"organization_id" uuid NOT NULL,
	"do_not_disturb" boolean DEFAULT false NOT NULL,
	"forward_to" text
);
--> statement-breakpoint
ALTER TABLE "diversions" ADD CONSTRAINT "diversions_extension_id_extensions_id_fkey" FOREIGN KEY ("extension_id") REFERENCES "extensions"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "diversions" ADD CONSTRAINT "diversions_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;