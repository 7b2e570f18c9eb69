-- Blocks read before were read without the logs of the protocols that are new here, so they are read again; what only a
-- live observer could see (pending_transactions) stays.
TRUNCATE "blocks", "transactions", "tokens", "pools", "pool_states", "pool_ticks", "swaps", "liquidity_changes", "undecoded_logs", "batches", "priority_requests", "finality", "l1_cursors";--> statement-breakpoint
UPDATE "cursors" SET "block_number" = "start_block" - 1, "block_hash" = NULL;--> statement-breakpoint
CREATE TABLE "liquidations" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"timestamp" bigint NOT NULL,
	"protocol" text NOT NULL,
	"market_address" "bytea" NOT NULL,
	"market_id" "bytea",
	"sender_address" "bytea" NOT NULL,
	"liquidator_address" "bytea",
	"borrower_address" "bytea" NOT NULL,
	"debt_token_address" "bytea",
	"debt_amount" numeric(78,0),
	"collateral_token_address" "bytea",
	"collateral_amount" numeric(78,0),
	"debt_usd" double precision,
	"collateral_usd" double precision,
	"bonus_usd" double precision,
	CONSTRAINT "liquidations_chain_id_block_number_log_index_pk" PRIMARY KEY("chain_id","block_number","log_index")
);
--> statement-breakpoint
CREATE TABLE "pool_tokens" (
	"chain_id" bigint NOT NULL,
	"pool_address" "bytea" NOT NULL,
	"position" integer NOT NULL,
	"token_address" "bytea" NOT NULL,
	"first_seen_block" bigint NOT NULL,
	CONSTRAINT "pool_tokens_chain_id_pool_address_position_pk" PRIMARY KEY("chain_id","pool_address","position")
);
--> statement-breakpoint
CREATE TABLE "token_prices" (
	"chain_id" bigint NOT NULL,
	"token_address" "bytea" NOT NULL,
	"block_number" bigint NOT NULL,
	"price_usd" double precision,
	"depth_usd" double precision,
	"path" text,
	CONSTRAINT "token_prices_chain_id_token_address_block_number_pk" PRIMARY KEY("chain_id","token_address","block_number")
);
--> statement-breakpoint
ALTER TABLE "liquidity_changes" ALTER COLUMN "owner_address" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "liquidity_changes" ALTER COLUMN "amount0" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "liquidity_changes" ALTER COLUMN "amount1" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "swaps" ALTER COLUMN "sender_address" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "swaps" ALTER COLUMN "recipient_address" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "liquidity_changes" ADD COLUMN "amounts" jsonb;--> statement-breakpoint
ALTER TABLE "pools" ADD COLUMN "emitter_address" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "pools" ADD COLUMN "stable" boolean;--> statement-breakpoint
ALTER TABLE "pools" ADD COLUMN "hooks_address" "bytea";--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "virtual_reserve0" numeric(78,0);--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "virtual_reserve1" numeric(78,0);--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "fee0" integer;--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "fee1" integer;--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "inner_state" jsonb;--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "quality" text NOT NULL;--> statement-breakpoint
ALTER TABLE "pool_states" ADD COLUMN "doubts" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "token0_address" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "token1_address" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "fee" integer;--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "replay_gap" numeric(78,0);--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "price_usd" double precision;--> statement-breakpoint
ALTER TABLE "swaps" ADD COLUMN "value_usd" double precision;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_kind" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_token_in_address" "bytea";--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_token_out_address" "bytea";--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_amount_in" numeric(78,0);--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_amount_out" numeric(78,0);--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_recipient_address" "bytea";--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_deadline" bigint;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "intent_path" text;--> statement-breakpoint
CREATE INDEX "liquidations_borrower" ON "liquidations" USING btree ("chain_id","borrower_address","block_number");--> statement-breakpoint
CREATE INDEX "liquidations_liquidator" ON "liquidations" USING btree ("chain_id","liquidator_address","block_number");--> statement-breakpoint
CREATE INDEX "pool_tokens_token" ON "pool_tokens" USING btree ("chain_id","token_address");--> statement-breakpoint
CREATE INDEX "token_prices_block" ON "token_prices" USING btree ("chain_id","block_number");