-- Blocks read before have no flow, so they are read again; what only a live observer could see (pending_transactions) stays.
TRUNCATE "blocks", "transactions", "tokens", "token_prices", "pools", "pool_tokens", "pool_states", "pool_ticks", "swaps", "liquidity_changes", "liquidations", "undecoded_logs", "mev_bundles", "mev_legs", "mev_victims", "mev_profits", "mev_controls", "batches", "priority_requests", "finality", "l1_cursors";--> statement-breakpoint
UPDATE "cursors" SET "block_number" = "start_block" - 1, "block_hash" = NULL;--> statement-breakpoint
CREATE TABLE "flow_buckets" (
	"chain_id" bigint NOT NULL,
	"scope" text NOT NULL,
	"scope_key" "bytea" NOT NULL,
	"interval_seconds" integer NOT NULL,
	"start_timestamp" bigint NOT NULL,
	"decided_block" bigint NOT NULL,
	"trade_count" integer NOT NULL,
	"unpriced_count" integer NOT NULL,
	"trader_count" integer NOT NULL,
	"trader_count_exact" boolean NOT NULL,
	"open_price" double precision,
	"high_price" double precision,
	"low_price" double precision,
	"close_price" double precision,
	"close_usd" double precision,
	"buy_base" numeric NOT NULL,
	"sell_base" numeric NOT NULL,
	"buy_quote" numeric NOT NULL,
	"sell_quote" numeric NOT NULL,
	"buy_micro_usd" numeric NOT NULL,
	"sell_micro_usd" numeric NOT NULL,
	"by_class" jsonb NOT NULL,
	"theta" double precision,
	"flow_momentum_asymmetry" double precision,
	"wash_share" double precision,
	"sample_trades" integer NOT NULL,
	"clock" text,
	"median_usd" double precision,
	"p95_usd" double precision,
	"max_usd" double precision,
	"size_gini" double precision,
	"tail_alpha" double precision,
	"tail_low" double precision,
	"tail_high" double precision,
	"trader_hhi" double precision,
	"arrivals_per_second" double precision,
	"burstiness" double precision,
	"memory" double precision,
	"burst_share" double precision,
	"hawkes_branching" double precision,
	"hawkes_decay" double precision,
	"hawkes_p_value" double precision,
	"vpin" double precision,
	"kyle_lambda" double precision,
	"kyle_error" double precision,
	"amihud" double precision,
	"permanent_impact_bps" double precision,
	"sign_autocorrelation" double precision,
	"venue_agreement" double precision,
	"markouts" jsonb,
	CONSTRAINT "flow_buckets_chain_id_scope_scope_key_interval_seconds_start_timestamp_pk" PRIMARY KEY("chain_id","scope","scope_key","interval_seconds","start_timestamp")
);
--> statement-breakpoint
CREATE TABLE "flow_models" (
	"chain_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"model" jsonb NOT NULL,
	CONSTRAINT "flow_models_chain_id_hash_pk" PRIMARY KEY("chain_id","hash")
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"transaction_hash" "bytea" NOT NULL,
	"timestamp" bigint NOT NULL,
	"received_at" timestamptz,
	"clock" text NOT NULL,
	"trader_address" "bytea" NOT NULL,
	"contract_address" "bytea",
	"route" text NOT NULL,
	"token_in_address" "bytea",
	"token_out_address" "bytea",
	"amount_in" numeric,
	"amount_out" numeric,
	"other_tokens" integer NOT NULL,
	"side" text,
	"value_usd" double precision,
	"relative_size" double precision,
	"slippage_bps" double precision,
	"pool_count" integer NOT NULL,
	"in_block" double precision,
	"is_mev" boolean NOT NULL,
	"parent_block" bigint,
	"parent_index" bigint,
	"child_number" integer NOT NULL,
	"flow_class" text NOT NULL,
	"p_institutional_at_block" double precision,
	"abstention" text,
	"log_odds" double precision,
	"feature_bins" text,
	"event_count" integer NOT NULL,
	"event_clock" text NOT NULL,
	"model_hash" "bytea" NOT NULL,
	CONSTRAINT "intents_chain_id_block_number_transaction_index_pk" PRIMARY KEY("chain_id","block_number","transaction_index")
);
--> statement-breakpoint
CREATE TABLE "metaorders" (
	"chain_id" bigint NOT NULL,
	"id" "bytea" NOT NULL,
	"decided_block" bigint NOT NULL,
	"end_reason" text NOT NULL,
	"trader_address" "bytea" NOT NULL,
	"base_address" "bytea" NOT NULL,
	"quote_address" "bytea" NOT NULL,
	"side" text NOT NULL,
	"first_block" bigint NOT NULL,
	"first_index" bigint NOT NULL,
	"last_block" bigint NOT NULL,
	"first_timestamp" bigint NOT NULL,
	"last_timestamp" bigint NOT NULL,
	"child_count" integer NOT NULL,
	"base_amount" numeric NOT NULL,
	"quote_amount" numeric NOT NULL,
	"value_usd" double precision,
	"participation" double precision,
	"size_variation" double precision,
	"burstiness" double precision,
	"memory" double precision,
	"jitter" double precision,
	"burst_share" double precision,
	"period_seconds" double precision,
	"period_false_alarm" double precision,
	"clock" text NOT NULL,
	"flow_class" text NOT NULL,
	"p_institutional" double precision,
	CONSTRAINT "metaorders_chain_id_id_pk" PRIMARY KEY("chain_id","id")
);
--> statement-breakpoint
CREATE TABLE "settled_tags" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"decided_block" bigint NOT NULL,
	"flow_class" text NOT NULL,
	"p_institutional" double precision,
	"abstention" text,
	"log_odds" double precision,
	"feature_bins" text,
	"metaorder_id" "bytea",
	CONSTRAINT "settled_tags_chain_id_block_number_transaction_index_pk" PRIMARY KEY("chain_id","block_number","transaction_index")
);
--> statement-breakpoint
CREATE TABLE "swap_tags" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" bigint NOT NULL,
	"transaction_index" bigint NOT NULL,
	"flow_class" text NOT NULL,
	"p_institutional_at_block" double precision,
	"side" text,
	"value_micro_usd" numeric(78,0),
	CONSTRAINT "swap_tags_chain_id_block_number_log_index_pk" PRIMARY KEY("chain_id","block_number","log_index")
);
--> statement-breakpoint
CREATE TABLE "traders" (
	"chain_id" bigint NOT NULL,
	"trader_address" "bytea" NOT NULL,
	"decided_block" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"event_count" integer NOT NULL,
	"clock" text NOT NULL,
	"burstiness" double precision,
	"memory" double precision,
	"jitter" double precision,
	"burst_share" double precision,
	"period_seconds" double precision,
	"period_false_alarm" double precision,
	"in_block" double precision,
	"pair_count" integer NOT NULL,
	"contract_count" integer NOT NULL,
	"volume_micro_usd" numeric(78,0) NOT NULL,
	"buy_share" double precision,
	"mev_share" double precision NOT NULL,
	"flow_class" text NOT NULL,
	"p_institutional" double precision,
	CONSTRAINT "traders_chain_id_trader_address_decided_block_pk" PRIMARY KEY("chain_id","trader_address","decided_block")
);
--> statement-breakpoint
CREATE INDEX "flow_buckets_decided" ON "flow_buckets" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "intents_trader" ON "intents" USING btree ("chain_id","trader_address","block_number");--> statement-breakpoint
CREATE INDEX "intents_parent" ON "intents" USING btree ("chain_id","parent_block","parent_index");--> statement-breakpoint
CREATE INDEX "metaorders_decided" ON "metaorders" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "metaorders_trader" ON "metaorders" USING btree ("chain_id","trader_address","decided_block");--> statement-breakpoint
CREATE INDEX "settled_tags_decided" ON "settled_tags" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE INDEX "settled_tags_metaorder" ON "settled_tags" USING btree ("chain_id","metaorder_id");--> statement-breakpoint
CREATE INDEX "traders_decided" ON "traders" USING btree ("chain_id","decided_block");--> statement-breakpoint
CREATE FUNCTION "flow_of_blocks"("chain" bigint, "first" bigint, "last" bigint) RETURNS TABLE (
	"block_count" bigint,
	"transaction_count" bigint,
	"gas_used" numeric,
	"base_fees_wei" numeric,
	"swap_count" bigint,
	"unpriced_count" bigint,
	"trade_count" bigint,
	"trader_count" bigint,
	"buy_micro_usd" numeric,
	"sell_micro_usd" numeric,
	"by_class" jsonb,
	"median_usd" double precision,
	"p95_usd" double precision,
	"max_usd" double precision,
	"mev_by_kind" jsonb,
	"victim_loss_usd" double precision,
	"inclusion_seconds" double precision,
	"inclusion_count" bigint
) LANGUAGE sql STABLE AS $$
	with of_blocks as (
		select count(*) as block_count, sum(b.transaction_count) as transaction_count, sum(b.gas_used) as gas_used,
			sum(b.gas_used * b.base_fee_per_gas) as base_fees_wei
		from blocks b where b.chain_id = chain and b.number between first and last
	), of_swaps as (
		select count(*) as swap_count, count(*) filter (where g.value_micro_usd is null) as unpriced_count,
			coalesce(sum(g.value_micro_usd) filter (where g.side = 'BUY'), 0) as buy_micro_usd,
			coalesce(sum(g.value_micro_usd) filter (where g.side = 'SELL'), 0) as sell_micro_usd,
			percentile_cont(0.5) within group (order by g.value_micro_usd::double precision) / 1e6 as median_usd,
			percentile_cont(0.95) within group (order by g.value_micro_usd::double precision) / 1e6 as p95_usd,
			max(g.value_micro_usd)::double precision / 1e6 as max_usd
		from swap_tags g where g.chain_id = chain and g.block_number between first and last
	), of_classes as (
		select coalesce(jsonb_object_agg(flow_class, jsonb_build_object('swapCount', swaps, 'unpricedCount', unpriced,
			'buyMicroUsd', bought::text, 'sellMicroUsd', sold::text) order by flow_class), '{}') as by_class
		from (
			select flow_class, count(*) as swaps, count(*) filter (where value_micro_usd is null) as unpriced,
				coalesce(sum(value_micro_usd) filter (where side = 'BUY'), 0) as bought,
				coalesce(sum(value_micro_usd) filter (where side = 'SELL'), 0) as sold
			from swap_tags where chain_id = chain and block_number between first and last group by flow_class
		) by_class
	), of_trades as (
		select count(*) as trade_count, count(distinct i.trader_address) as trader_count,
			avg(i.timestamp - extract(epoch from i.received_at)) as inclusion_seconds, count(i.received_at) as inclusion_count
		from intents i where i.chain_id = chain and i.block_number between first and last
	), of_mev as (
		select coalesce(jsonb_object_agg(kind, bundles order by kind), '{}') as mev_by_kind, sum(loss) as victim_loss_usd
		from (
			select kind, count(*) as bundles, sum(victim_loss_usd) as loss from mev_bundles
			where chain_id = chain and decided_block between first and last and band <> 'candidate' group by kind
		) by_kind
	)
	select block_count, coalesce(transaction_count, 0), coalesce(gas_used, 0), base_fees_wei, swap_count, unpriced_count, trade_count,
		trader_count, buy_micro_usd, sell_micro_usd, by_class, median_usd, p95_usd, max_usd, mev_by_kind, victim_loss_usd,
		inclusion_seconds, inclusion_count
	from of_blocks, of_swaps, of_classes, of_trades, of_mev
$$;--> statement-breakpoint
CREATE VIEW "batch_flow" AS
	select b.chain_id, b.number as batch_number, b.first_block, b.last_block, b.status, f.*,
		extract(epoch from b.committed_at) - s.timestamp as commit_seconds,
		extract(epoch from b.proven_at) - s.timestamp as prove_seconds,
		extract(epoch from b.executed_at) - s.timestamp as execute_seconds
	from batches b
	join blocks s on s.chain_id = b.chain_id and s.number = b.last_block
	cross join lateral flow_of_blocks(b.chain_id, b.first_block, b.last_block) f;--> statement-breakpoint
CREATE VIEW "batch_flow_placebo" AS
	select b.chain_id, b.number as batch_number, p.first_block, p.first_block + b.last_block - b.first_block as last_block, f.*
	from batches b
	cross join lateral (
		select b.first_block + 1 + mod(hashint8(b.number)::bigint & 2147483647, greatest(b.last_block - b.first_block, 1)) as first_block
	) p
	join blocks e on e.chain_id = b.chain_id and e.number = p.first_block + b.last_block - b.first_block
	cross join lateral flow_of_blocks(b.chain_id, p.first_block, p.first_block + b.last_block - b.first_block) f
	where b.last_block > b.first_block;--> statement-breakpoint
COMMENT ON FUNCTION "flow_of_blocks" IS 'The flow of a range of blocks, both ends included: sums of their rows and nothing else, so that ranges that follow each other add up.';--> statement-breakpoint
COMMENT ON VIEW "batch_flow" IS 'The flow of each L1 batch (flow_of_blocks over its blocks). Batches are packaging: compare with batch_flow_placebo. Key: chain_id, batch_number.';--> statement-breakpoint
COMMENT ON VIEW "batch_flow_placebo" IS 'The same over as many blocks that begin somewhere inside the batch, drawn from its number: what a boundary that means nothing gives. Missing while those blocks are not indexed. Key: chain_id, batch_number.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."batch_number" IS 'Number of the L1 batch.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."first_block" IS 'Its first block.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."last_block" IS 'Its last block.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."status" IS 'How far it is on its way to L1.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."block_count" IS 'Indexed blocks in the range.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."transaction_count" IS 'Transactions in the range.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."gas_used" IS 'Gas used by its blocks.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."base_fees_wei" IS 'Gas used times base fee, in wei: what transactions paid at least; null where blocks name no base fee.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."swap_count" IS 'Swaps.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."unpriced_count" IS 'Of these, without a value in US dollars; missing in the sums of dollars.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."trade_count" IS 'Transactions that traded (intents).';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."trader_count" IS 'Accounts that traded.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."buy_micro_usd" IS 'Value of swaps that took the base token out, in millionths of a US dollar.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."sell_micro_usd" IS 'Value of swaps that paid it in.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."by_class" IS 'swapCount, unpricedCount, buyMicroUsd and sellMicroUsd by flow class as of the block of each swap; they add up to the columns.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."median_usd" IS 'Median size of a swap in US dollars; null without prices.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."p95_usd" IS 'Size that 95 % of the swaps do not exceed.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."max_usd" IS 'Largest size.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."mev_by_kind" IS 'Bundles decided in the range that are at least probable, by kind.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."victim_loss_usd" IS 'What their victims lost in US dollars, as far as that is known.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."inclusion_seconds" IS 'Mean seconds from the arrival of a trade at the sequencer to the timestamp of its block (cut to whole seconds); null without such times.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."inclusion_count" IS 'Trades with an arrival time.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."commit_seconds" IS 'Seconds from the last block to the commit on L1; null before.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."prove_seconds" IS 'Seconds to the proof.';--> statement-breakpoint
COMMENT ON COLUMN "batch_flow"."execute_seconds" IS 'Seconds to the execution.';
