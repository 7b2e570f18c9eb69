import type { Address } from './address.ts'

/**
 * Contracts whose trades Dune has in `dex.trades`, by the name of their chain; what is not listed it has not. Looked up
 * for the ZK Stack chains, in duneanalytics/spellbook at 91dac121.
 */
export const IN_DUNE: Readonly<Record<string, readonly Address[]>> = {
  'zksync-era': [
    '0xf2dad89f2788a8cd54625c60b55cd3d2d0aca7cb', // syncswap
    '0x5b9f21d407f35b10cbfddca17d5d84b129356ea3', // syncswap
    '0x0a34fbdf37c246c0b401da5f00abd6529d906193', // syncswap-v2
    '0x81251524898774f5f2fcae7e7ae86112cb5c317f', // syncswap-v2
    '0x20b28b1e4665fff290650586ad76e977eab90c5d', // syncswap-v2
    '0x8fda5a7a8dca67bbcdd10f02fa0649a937215422', // uniswap-v3
    '0xd03d8d566183f0086d8d09a84e1e30b58dd5619d', // pancakeswap-v2
    '0x1bb72e0cbbea93c08f535fc7856e0338d7f7a8ab', // pancakeswap-v3
    '0x40be1cba6c5b47cdf9da7f963b6f761f4c60627d', // koi-classic
    '0x0700fb51560cfc8f896b2c812499d17c5b0bf6a7', // spacefi
    '0x3a76e377ed58c8731f9df3a36155942438744ce3', // zkswap-finance-v2
    '0x88add6a7e3c221e02f978b388a092c9fd8cd7850', // zkswap-finance-v3
    '0x2c1a605f843a2e18b7d7772f0ce23c236accf7f5', // maverick-v1
    '0x7a6902af768a06bdfab4f076552036bf68d1dc56', // maverick-v2
    '0xf5719b1ea3c9bf6491e22c49379e31060d0fbfc1', // velocore-v0
    '0xe140eac2bb748c8f456719a457f26636617bb0e9', // velocore-v1
    '0xf5e67261cb357edb6c7719fefafaab280cb5e2a6', // velocore-v2
    '0xf55150000aac457ecc88b34da9291e3f6e7db165', // velocore-v2
    '0x529bd7fc43285b96f1e8d5158626d1f15bb8a834', // vesync
    '0x68e03d7b8b3f9669750c1282ad6d36988f4fe18e', // dracula
    '0x065c8703132f2a38be3d2dbf7be6be455930560c', // gemswap
    '0x15c664a62086c06d43e75bb3fdded93008b8ce63', // ezkalibur
    '0x52a1865eb6903bc777a02ae93159105015ca1517', // derpdex
    '0x31be61ce896e8770b21e7a1cafa28402dd701995', // wagmi
  ],
  abstract: [
    '0x566d7510dee58360a64c9827257cf6d0dc43985e', // reservoir-swap-v2
    '0xa1160e73b63f322ae88cc2d8e700833e71d0b2a1', // reservoir-swap-v3
    '0xf6cdfff7ad51caad860e7a35d6d4075d74039a6b', // aborean-v2
  ],
  sophon: [
    '0x432bcc3bc62de9186f9e8763c82d43e418681e6c', // syncswap-v2
  ],
}

/**
 * Contracts on whose address two or more independent public sources agree, by the name of their chain. What is not listed
 * rests on one, unless the addresses of its pools can be derived (`create2` in the chain's profile).
 */
export const KNOWN_TWICE: Readonly<Record<string, readonly Address[]>> = {
  'zksync-era': [
    '0xf2dad89f2788a8cd54625c60b55cd3d2d0aca7cb', // syncswap
    '0x5b9f21d407f35b10cbfddca17d5d84b129356ea3', // syncswap
    '0xbb05918e9b4ba9fe2c8384d223f0844867909ffb', // syncswap
    '0x0a34fbdf37c246c0b401da5f00abd6529d906193', // syncswap-v2
    '0x81251524898774f5f2fcae7e7ae86112cb5c317f', // syncswap-v2
    '0x20b28b1e4665fff290650586ad76e977eab90c5d', // syncswap-v2
    '0xa757ed0812092e2a8f78e6642a2a3215995a4131', // syncswap-v2.1
    '0x582ad7014c3f755fc0d29ecfc02fab4c3a2d5a3d', // syncswap-v2.1
    '0x9d63d318143cf14ff05f8aaa7491904a494e6f13', // syncswap-v3
    '0xd03d8d566183f0086d8d09a84e1e30b58dd5619d', // pancakeswap-v2
    '0x40be1cba6c5b47cdf9da7f963b6f761f4c60627d', // koi-classic
    '0x0700fb51560cfc8f896b2c812499d17c5b0bf6a7', // spacefi
    '0x3a76e377ed58c8731f9df3a36155942438744ce3', // zkswap-finance-v2
    '0x88add6a7e3c221e02f978b388a092c9fd8cd7850', // zkswap-finance-v3
    '0x96707414db71e553f6a49c7adc376e40f3befc33', // maverick-v1
    '0x2c1a605f843a2e18b7d7772f0ce23c236accf7f5', // maverick-v1
    '0x7a6902af768a06bdfab4f076552036bf68d1dc56', // maverick-v2
    '0xf5719b1ea3c9bf6491e22c49379e31060d0fbfc1', // velocore-v0
    '0xe140eac2bb748c8f456719a457f26636617bb0e9', // velocore-v1
    '0xf5e67261cb357edb6c7719fefafaab280cb5e2a6', // velocore-v2
    '0xf55150000aac457ecc88b34da9291e3f6e7db165', // velocore-v2
    '0x529bd7fc43285b96f1e8d5158626d1f15bb8a834', // vesync
    '0x68e03d7b8b3f9669750c1282ad6d36988f4fe18e', // dracula
    '0x065c8703132f2a38be3d2dbf7be6be455930560c', // gemswap
    '0x15c664a62086c06d43e75bb3fdded93008b8ce63', // ezkalibur
    '0x52a1865eb6903bc777a02ae93159105015ca1517', // derpdex
    '0x31be61ce896e8770b21e7a1cafa28402dd701995', // wagmi
    '0x1153d1d27a558471ef051c5d2d075d7d07b84a07', // holdstation-swap
    '0x9017f5a42fbe5bca3853400d2660a2ee771b241e', // kyberswap-classic
    '0xaaa0e933e1ecc812fc075a81c116aa0a82a5bbb8', // clober
    '0x78e30497a3c7527d953c6b1e3541b021a98ac43c', // aave-v3
    '0x4d9429246ea989c9cee203b43f6d1c7d83e3b8f8', // zerolend
    '0xdde4d098d9995b659724ae6d5e3fb9681ac941b1', // venus
    '0x23848c28af1c3aa7b999fa57e6b6e8599c17f3f2', // reactorfusion
    '0x0171ca5b372eb510245f5fa214f5582911934b3d', // eralend
    '0x7d5b0215ef203d0660bc37d5d09d964fd6b55a1e', // fulcrom
  ],
  abstract: [
    '0x566d7510dee58360a64c9827257cf6d0dc43985e', // reservoir-swap-v2
    '0xf6cdfff7ad51caad860e7a35d6d4075d74039a6b', // aborean-v2
    '0x8cfe21f272fdfddf42851f6282c0f998756eef27', // aborean-cl
    '0x7c2e370ca0fcb60d8202b8c5b01f758bcad41860', // kona-v2
    '0x288e195322088e615460ccaa0fe0a862c9e06412', // kona-stableswap
    '0x9f9f76660d17f76f63a32f6d4920b282d3856f3f', // kona-twocrypto
    '0xa44965ebbcb73163eb838dc4dfa85f56b04804a6', // kona-tricrypto
    '0xe1e98623082f662bca1009a05382758f86f133b3', // noxa-v2
    '0x48cd08ad2065e0cd2dcd56434e393d55a59a4f64', // mondrain
    '0x7c4bae19949d77b7259dc4a898e64dc5c2d10b02', // zerolend
    '0xc85ce8ffda27b646d269516b8d0fa6ec2e958b55', // morpho
  ],
  sophon: [
    '0x432bcc3bc62de9186f9e8763c82d43e418681e6c', // syncswap-v2
    '0x0f6e27007e257e74c86522387bd071d561ba3c97', // syncswap-v3
  ],
  zero: [
    '0x1b4427e212475b12e62f0f142b8afef3bc18b559', // reservoir-v2
    '0xa1160e73b63f322ae88cc2d8e700833e71d0b2a1', // reservoir-v3
  ],
  'zklink-nova': [
    '0xe6099d924efef37845867d45e3362731eaf8a98d', // sumer
  ],
}

/** A protocol, or a part of one, that is not read, and why. */
export type NotCovered = { chain: string; protocol: string; address: Address | null; why: string }

const missing = (chain: string, protocol: string, address: Address | null, why: string): NotCovered => ({
  ...{ chain, protocol, address, why },
})

const NO_FACTORY = 'the factory is not known; its pools are found by their events and confirmed by their getters'
const NO_ABI = 'no public source of its events'
const ORDERS = 'leveraged positions only; what its events mean is not confirmed'
const OFF_CHAIN = 'orders are matched off the chain; no event of a liquidation is known'

/** What is known to exist on these chains and is not read. */
export const NOT_COVERED: readonly NotCovered[] = [
  missing('zksync-era', 'izumi (iZiSwap)', null, NO_FACTORY),
  missing('zklink-nova', 'izumi (iZiSwap)', null, NO_FACTORY),
  missing('zksync-era', 'intswap', '0xb9a8213d237c768e88bf89d690a9222df439dcc1', NO_ABI),
  missing(
    'zksync-era',
    'syncus',
    '0xaa71728aa548658fabbd37c72c0e2a6234c193f1',
    'only its address provider is known, not the pool that emits the liquidations',
  ),
  missing('zksync-era', 'gambit', '0x3bea4af64689ce3429d312cf205312842c944dee', ORDERS),
  missing('zksync-era', 'holdstation', '0xaf08a9d918f16332f22cf8dc9abe9d9e14ddcbc2', ORDERS),
  missing('zksync-era', 'increment', '0x703500caf3c79af68bb3dc85a6846d1c7999c672', OFF_CHAIN),
  missing('zksync-era', 'derivio', '0xfc00dac251711508d4dd7b0c310e913575988838', NO_ABI),
  missing('zksync-era', 'pinnako', null, 'no address is known'),
  missing(
    'abstract',
    'amigo',
    '0x4b48f3d1ddc9e5793d4817517255e6bef6d72a7c',
    'its trades name neither the token nor what the price counts in',
  ),
  missing('abstract', 'sweep-n-flip', '0x4a1775b76d9d4260c60f3376ecda618e316c662d', `a market of NFTs; ${NO_ABI}`),
  missing('abstract', 'vertex', '0x6b104c78d384d1c25ccee2ca0698541e22ec60b2', OFF_CHAIN),
  missing('treasure', 'any', null, 'no exchange is known; pools are found by their events'),
  missing('any', 'Balancer V3, DODO V2', null, 'no deployment on a ZK Stack chain is known'),
  missing(
    'any',
    'Curve TokenExchangeUnderlying',
    null,
    'the trade shows in the base pool as well and would count twice',
  ),
]
