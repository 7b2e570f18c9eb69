CREATE TABLE "batches" (
	"chain_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"first_block" bigint NOT NULL,
	"last_block" bigint NOT NULL,
	"status" text NOT NULL,
	"timestamp" bigint NOT NULL,
	"sealed_timestamp" bigint,
	"l1_transaction_count" integer,
	"l2_transaction_count" integer,
	"root_hash" "bytea",
	"commitment" "bytea",
	"commit_transaction_hash" "bytea",
	"commit_l1_block" bigint,
	"committed_at" timestamptz,
	"prove_transaction_hash" "bytea",
	"prove_l1_block" bigint,
	"proven_at" timestamptz,
	"execute_transaction_hash" "bytea",
	"execute_l1_block" bigint,
	"executed_at" timestamptz,
	"settlement_chain_id" bigint,
	"l1_gas_price" numeric(78,0),
	"l2_fair_gas_price" numeric(78,0),
	"fair_pubdata_price" numeric(78,0),
	"source" text NOT NULL,
	CONSTRAINT "batches_chain_id_number_pk" PRIMARY KEY("chain_id","number")
);
--> statement-breakpoint
CREATE TABLE "finality" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" "bytea" NOT NULL,
	"observed_at" timestamptz NOT NULL,
	CONSTRAINT "finality_chain_id_pk" PRIMARY KEY("chain_id")
);
--> statement-breakpoint
CREATE TABLE "l1_cursors" (
	"chain_id" bigint NOT NULL,
	"l1_chain_id" bigint NOT NULL,
	"diamond_address" "bytea" NOT NULL,
	"start_block" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	CONSTRAINT "l1_cursors_chain_id_pk" PRIMARY KEY("chain_id")
);
--> statement-breakpoint
CREATE TABLE "pending_transactions" (
	"chain_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"endpoint" text NOT NULL,
	"stream" text NOT NULL,
	"first_seen_at" timestamptz NOT NULL,
	"seen_unmined" boolean,
	"from_address" "bytea",
	"to_address" "bytea",
	"nonce" numeric(78,0),
	"value" numeric(78,0),
	"gas_limit" numeric(78,0),
	"max_fee_per_gas" numeric(78,0),
	"max_priority_fee_per_gas" numeric(78,0),
	"type" integer,
	"calldata" "bytea",
	"intent_kind" text,
	"intent_token_in_address" "bytea",
	"intent_token_out_address" "bytea",
	"intent_amount_in" numeric(78,0),
	"intent_amount_out" numeric(78,0),
	"intent_recipient_address" "bytea",
	"intent_deadline" bigint,
	"intent_path" text,
	"outcome" text NOT NULL,
	"block_number" bigint,
	"transaction_index" bigint,
	"included_at" timestamptz,
	"inclusion_delay_microseconds" bigint,
	CONSTRAINT "pending_transactions_chain_id_hash_endpoint_pk" PRIMARY KEY("chain_id","hash","endpoint")
);
--> statement-breakpoint
CREATE TABLE "priority_requests" (
	"chain_id" bigint NOT NULL,
	"serial_id" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"l1_block_number" bigint NOT NULL,
	"l1_log_index" integer NOT NULL,
	"l1_timestamp" bigint NOT NULL,
	"l1_transaction_hash" "bytea" NOT NULL,
	"l1_sender_address" "bytea" NOT NULL,
	"from_address" "bytea" NOT NULL,
	"to_address" "bytea" NOT NULL,
	"value" numeric(78,0) NOT NULL,
	"gas_limit" numeric(78,0) NOT NULL,
	"gas_per_pubdata" numeric(78,0) NOT NULL,
	"max_fee_per_gas" numeric(78,0) NOT NULL,
	"to_mint" numeric(78,0) NOT NULL,
	"refund_recipient_address" "bytea" NOT NULL,
	"expiration_timestamp" bigint NOT NULL,
	"factory_dependency_count" integer NOT NULL,
	"calldata" "bytea" NOT NULL,
	"intent_kind" text,
	"intent_token_in_address" "bytea",
	"intent_token_out_address" "bytea",
	"intent_amount_in" numeric(78,0),
	"intent_amount_out" numeric(78,0),
	"intent_recipient_address" "bytea",
	"intent_deadline" bigint,
	"intent_path" text,
	"status" text NOT NULL,
	"block_number" bigint,
	"transaction_index" bigint,
	"timestamp" bigint,
	"visible_seconds" bigint,
	CONSTRAINT "priority_requests_chain_id_serial_id_pk" PRIMARY KEY("chain_id","serial_id")
);
--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "clock" text DEFAULT 'block' NOT NULL;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "clock_tested" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "received_at" timestamptz;--> statement-breakpoint
CREATE INDEX "batches_first_block" ON "batches" USING btree ("chain_id","first_block");--> statement-breakpoint
CREATE INDEX "batches_open" ON "batches" USING btree ("chain_id","number") WHERE status <> 'final' or l1_transaction_count is null;--> statement-breakpoint
CREATE INDEX "pending_transactions_seen" ON "pending_transactions" USING btree ("chain_id","first_seen_at");--> statement-breakpoint
CREATE INDEX "pending_transactions_open" ON "pending_transactions" USING btree ("chain_id","outcome");--> statement-breakpoint
CREATE INDEX "pending_transactions_block" ON "pending_transactions" USING btree ("chain_id","block_number");--> statement-breakpoint
CREATE INDEX "priority_requests_hash" ON "priority_requests" USING hash ("transaction_hash");--> statement-breakpoint
CREATE INDEX "priority_requests_block" ON "priority_requests" USING btree ("chain_id","block_number");--> statement-breakpoint
CREATE INDEX "priority_requests_l1_block" ON "priority_requests" USING btree ("chain_id","l1_block_number");--> statement-breakpoint
CREATE INDEX "priority_requests_open" ON "priority_requests" USING btree ("chain_id","serial_id") WHERE status = 'pending';