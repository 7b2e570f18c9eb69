-- Blocks read before have no bundles, so they are read again; what only a live observer could see (pending_transactions)
-- stays.
TRUNCATE "blocks", "transactions", "tokens", "token_prices", "pools", "pool_tokens", "pool_states", "pool_ticks", "swaps", "liquidity_changes", "liquidations", "undecoded_logs", "batches", "priority_requests", "finality", "l1_cursors";--> statement-breakpoint
UPDATE "cursors" SET "block_number" = "start_block" - 1, "block_hash" = NULL;--> statement-breakpoint
CREATE TABLE "mev_bundles" (
	"chain_id" bigint NOT NULL,
	"id" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"variants" jsonb NOT NULL,
	"confidence" double precision NOT NULL,
	"band" text NOT NULL,
	"rule_version" text NOT NULL,
	"score_parts" jsonb NOT NULL,
	"searcher_address" "bytea" NOT NULL,
	"first_block" bigint NOT NULL,
	"last_block" bigint NOT NULL,
	"decided_block" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"pool_addresses" jsonb NOT NULL,
	"gas_cost_wei" numeric(78,0),
	"gross_profit_usd" double precision,
	"gas_cost_usd" double precision,
	"net_profit_usd" double precision,
	"victim_count" integer NOT NULL,
	"victim_loss_usd" double precision,
	"quality" text NOT NULL,
	"evidence" jsonb NOT NULL,
	CONSTRAINT "mev_bundles_chain_id_id_pk" PRIMARY KEY("chain_id","id")
);
--> statement-breakpoint
CREATE TABLE "mev_controls" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"kind" text NOT NULL,
	"observed" integer NOT NULL,
	"placebo" integer NOT NULL,
	CONSTRAINT "mev_controls_chain_id_block_number_kind_pk" PRIMARY KEY("chain_id","block_number","kind")
);
--> statement-breakpoint
CREATE TABLE "mev_legs" (
	"chain_id" bigint NOT NULL,
	"bundle_id" "bytea" NOT NULL,
	"position" integer NOT NULL,
	"role" text NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"log_index" bigint,
	"pool_address" "bytea",
	"band" text NOT NULL,
	"decided_block" bigint NOT NULL,
	CONSTRAINT "mev_legs_chain_id_bundle_id_position_pk" PRIMARY KEY("chain_id","bundle_id","position")
);
--> statement-breakpoint
CREATE TABLE "mev_profits" (
	"chain_id" bigint NOT NULL,
	"bundle_id" "bytea" NOT NULL,
	"token_address" "bytea" NOT NULL,
	"amount" numeric(78,0) NOT NULL,
	"is_residual" boolean NOT NULL,
	"decided_block" bigint NOT NULL,
	CONSTRAINT "mev_profits_chain_id_bundle_id_token_address_pk" PRIMARY KEY("chain_id","bundle_id","token_address")
);
--> statement-breakpoint
CREATE TABLE "mev_victims" (
	"chain_id" bigint NOT NULL,
	"bundle_id" "bytea" NOT NULL,
	"position" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"log_index" bigint NOT NULL,
	"trader_address" "bytea" NOT NULL,
	"mode" text NOT NULL,
	"loss_token_address" "bytea" NOT NULL,
	"loss_amount" numeric(78,0),
	"loss_bps" double precision,
	"loss_usd" double precision,
	"counterfactual_amount" numeric(78,0),
	"quality" text NOT NULL,
	"kind" text NOT NULL,
	"band" text NOT NULL,
	"decided_block" bigint NOT NULL,
	CONSTRAINT "mev_victims_chain_id_bundle_id_position_pk" PRIMARY KEY("chain_id","bundle_id","position")
);
--> statement-breakpoint
CREATE INDEX "mev_bundles_decided" ON "mev_bundles" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "mev_bundles_searcher" ON "mev_bundles" USING btree ("chain_id","searcher_address","decided_block");--> statement-breakpoint
CREATE INDEX "mev_bundles_kind" ON "mev_bundles" USING btree ("chain_id","kind","decided_block");--> statement-breakpoint
CREATE INDEX "mev_legs_block" ON "mev_legs" USING btree ("chain_id","block_number","transaction_index");--> statement-breakpoint
CREATE INDEX "mev_legs_decided" ON "mev_legs" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "mev_legs_pool" ON "mev_legs" USING btree ("chain_id","pool_address","decided_block");--> statement-breakpoint
CREATE INDEX "mev_legs_transaction" ON "mev_legs" USING hash ("transaction_hash");--> statement-breakpoint
CREATE INDEX "mev_profits_decided" ON "mev_profits" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "mev_victims_decided" ON "mev_victims" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "mev_victims_trader" ON "mev_victims" USING btree ("chain_id","trader_address","block_number");--> statement-breakpoint
CREATE INDEX "mev_victims_transaction" ON "mev_victims" USING hash ("transaction_hash");