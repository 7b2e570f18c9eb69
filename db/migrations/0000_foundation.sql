CREATE TABLE "blocks" (
	"chain_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"parent_hash" "bytea" NOT NULL,
	"timestamp" bigint NOT NULL,
	"gas_used" numeric(78,0) NOT NULL,
	"gas_limit" numeric(78,0) NOT NULL,
	"base_fee_per_gas" numeric(78,0),
	"transaction_count" integer NOT NULL,
	CONSTRAINT "blocks_chain_id_number_pk" PRIMARY KEY("chain_id","number")
);
--> statement-breakpoint
CREATE TABLE "chains" (
	"chain_id" bigint NOT NULL,
	"name" text NOT NULL,
	"stack" text NOT NULL,
	"ordering" text NOT NULL,
	"native_symbol" text NOT NULL,
	CONSTRAINT "chains_chain_id_pk" PRIMARY KEY("chain_id")
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"chain_id" bigint NOT NULL,
	"start_block" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" "bytea",
	CONSTRAINT "cursors_chain_id_pk" PRIMARY KEY("chain_id")
);
--> statement-breakpoint
CREATE TABLE "liquidity_changes" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"timestamp" bigint NOT NULL,
	"pool_address" "bytea" NOT NULL,
	"protocol" text NOT NULL,
	"kind" text NOT NULL,
	"provider_address" "bytea" NOT NULL,
	"owner_address" "bytea" NOT NULL,
	"tick_lower" integer,
	"tick_upper" integer,
	"liquidity" numeric(78,0),
	"amount0" numeric(78,0) NOT NULL,
	"amount1" numeric(78,0) NOT NULL,
	CONSTRAINT "liquidity_changes_chain_id_block_number_log_index_pk" PRIMARY KEY("chain_id","block_number","log_index")
);
--> statement-breakpoint
CREATE TABLE "pools" (
	"chain_id" bigint NOT NULL,
	"address" "bytea" NOT NULL,
	"protocol" text NOT NULL,
	"family" text NOT NULL,
	"factory_address" "bytea",
	"token0_address" "bytea" NOT NULL,
	"token1_address" "bytea" NOT NULL,
	"fee" integer,
	"tick_spacing" integer,
	"created_block" bigint,
	"created_transaction_hash" "bytea",
	"first_seen_block" bigint NOT NULL,
	"state_origin" text NOT NULL,
	CONSTRAINT "pools_chain_id_address_pk" PRIMARY KEY("chain_id","address")
);
--> statement-breakpoint
CREATE TABLE "pool_states" (
	"chain_id" bigint NOT NULL,
	"pool_address" "bytea" NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"reserve0" numeric(78,0),
	"reserve1" numeric(78,0),
	"sqrt_price_x96" numeric(78,0),
	"tick" integer,
	"liquidity" numeric(78,0),
	CONSTRAINT "pool_states_chain_id_pool_address_block_number_pk" PRIMARY KEY("chain_id","pool_address","block_number")
);
--> statement-breakpoint
CREATE TABLE "pool_ticks" (
	"chain_id" bigint NOT NULL,
	"pool_address" "bytea" NOT NULL,
	"tick" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"liquidity_gross" numeric(78,0) NOT NULL,
	"liquidity_net" numeric(78,0) NOT NULL,
	CONSTRAINT "pool_ticks_chain_id_pool_address_tick_block_number_pk" PRIMARY KEY("chain_id","pool_address","tick","block_number")
);
--> statement-breakpoint
CREATE TABLE "swaps" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"timestamp" bigint NOT NULL,
	"pool_address" "bytea" NOT NULL,
	"protocol" text NOT NULL,
	"trader_address" "bytea" NOT NULL,
	"sender_address" "bytea" NOT NULL,
	"recipient_address" "bytea" NOT NULL,
	"amount0" numeric(78,0) NOT NULL,
	"amount1" numeric(78,0) NOT NULL,
	"reserve0" numeric(78,0),
	"reserve1" numeric(78,0),
	"sqrt_price_x96" numeric(78,0),
	"tick" integer,
	"liquidity" numeric(78,0),
	CONSTRAINT "swaps_chain_id_block_number_log_index_pk" PRIMARY KEY("chain_id","block_number","log_index")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"chain_id" bigint NOT NULL,
	"address" "bytea" NOT NULL,
	"symbol" text,
	"name" text,
	"decimals" integer,
	"first_seen_block" bigint NOT NULL,
	CONSTRAINT "tokens_chain_id_address_pk" PRIMARY KEY("chain_id","address")
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"from_address" "bytea" NOT NULL,
	"to_address" "bytea",
	"nonce" numeric(78,0) NOT NULL,
	"value" numeric(78,0) NOT NULL,
	"gas_limit" numeric(78,0) NOT NULL,
	"gas_price" numeric(78,0),
	"type" integer NOT NULL,
	"selector" "bytea",
	CONSTRAINT "transactions_chain_id_block_number_transaction_index_pk" PRIMARY KEY("chain_id","block_number","transaction_index")
);
--> statement-breakpoint
CREATE TABLE "undecoded_logs" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"emitter_address" "bytea" NOT NULL,
	"topics" "bytea" NOT NULL,
	"data" "bytea" NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "undecoded_logs_chain_id_block_number_log_index_pk" PRIMARY KEY("chain_id","block_number","log_index")
);
--> statement-breakpoint
CREATE INDEX "blocks_hash" ON "blocks" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "blocks_timestamp" ON "blocks" USING btree ("chain_id","timestamp");--> statement-breakpoint
CREATE INDEX "liquidity_changes_pool" ON "liquidity_changes" USING btree ("chain_id","pool_address","block_number","log_index");--> statement-breakpoint
CREATE INDEX "liquidity_changes_provider" ON "liquidity_changes" USING btree ("chain_id","provider_address","block_number","log_index");--> statement-breakpoint
CREATE INDEX "pools_token0" ON "pools" USING btree ("chain_id","token0_address");--> statement-breakpoint
CREATE INDEX "pools_token1" ON "pools" USING btree ("chain_id","token1_address");--> statement-breakpoint
CREATE INDEX "pool_states_block" ON "pool_states" USING btree ("chain_id","block_number","pool_address");--> statement-breakpoint
CREATE INDEX "pool_ticks_block" ON "pool_ticks" USING btree ("chain_id","block_number");--> statement-breakpoint
CREATE INDEX "swaps_pool" ON "swaps" USING btree ("chain_id","pool_address","block_number","log_index");--> statement-breakpoint
CREATE INDEX "swaps_trader" ON "swaps" USING btree ("chain_id","trader_address","block_number","log_index");--> statement-breakpoint
CREATE INDEX "transactions_hash" ON "transactions" USING hash ("hash");