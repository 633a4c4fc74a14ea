CREATE TABLE "audit_heads" (
	"organization_id" uuid PRIMARY KEY,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_entries" ADD COLUMN "sequence" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD COLUMN "previous_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD COLUMN "hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_entries" ALTER COLUMN "sequence" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "audit_entries" ALTER COLUMN "previous_hash" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "audit_entries" ALTER COLUMN "hash" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "audit_entries" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
-- Every field with its length before it, so that no two entries have the same text; src/model/audit.ts says the same.
CREATE FUNCTION "audit_hash"("entry" "audit_entries") RETURNS text LANGUAGE sql STABLE AS $$
	SELECT encode(sha256(convert_to(string_agg(
		coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), ',' ORDER BY nth), 'UTF8')), 'hex')
	FROM unnest(ARRAY[entry.id::text, entry.organization_id::text, entry.sequence::text, entry.previous_hash,
		to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), entry.user_id::text,
		entry.app_id::text, entry.dialect, entry.operation, entry.result, entry.request_id] || entry.subjects)
		WITH ORDINALITY AS fields(field, nth)
$$;--> statement-breakpoint
-- The head's row is locked until the transaction ends: entries of one organization are written one after the other.
CREATE FUNCTION "chain_audit_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	head audit_heads;
BEGIN
	SELECT * INTO head FROM audit_heads WHERE organization_id = NEW.organization_id FOR UPDATE;
	IF NOT FOUND THEN
		INSERT INTO audit_heads VALUES (NEW.organization_id, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
		SELECT * INTO head FROM audit_heads WHERE organization_id = NEW.organization_id FOR UPDATE;
	END IF;
	NEW.sequence := head.sequence + 1;
	NEW.previous_hash := head.hash;
	NEW.hash := audit_hash(NEW);
	UPDATE audit_heads SET sequence = NEW.sequence, hash = NEW.hash WHERE organization_id = NEW.organization_id;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'Audit entries are append-only.' USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
-- What was written before there was a chain.
DO $$
DECLARE
	entry audit_entries;
	head audit_heads;
BEGIN
	FOR entry IN SELECT * FROM audit_entries ORDER BY organization_id, id LOOP
		IF head.organization_id IS DISTINCT FROM entry.organization_id THEN
			head := ROW(entry.organization_id, 0, repeat('0', 64));
			INSERT INTO audit_heads VALUES (head.*);
		END IF;
		entry.sequence := head.sequence + 1;
		entry.previous_hash := head.hash;
		entry.hash := audit_hash(entry);
		UPDATE audit_entries SET sequence = entry.sequence, previous_hash = entry.previous_hash, hash = entry.hash
			WHERE id = entry.id;
		head.sequence := entry.sequence;
		head.hash := entry.hash;
		UPDATE audit_heads SET sequence = head.sequence, hash = head.hash WHERE organization_id = head.organization_id;
	END LOOP;
END $$;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_entries_organization_id_sequence_index" ON "audit_entries" ("organization_id","sequence");--> statement-breakpoint
CREATE TRIGGER "audit_entries_chain" BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();--> statement-breakpoint
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
	FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();--> statement-breakpoint
CREATE TRIGGER "audit_entries_kept" BEFORE TRUNCATE ON "audit_entries"
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
