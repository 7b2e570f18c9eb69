import { type ChainProfile, factory } from './profile.ts'

/** ZKsync Era. Fees are null where a fork lets each pair or factory choose its own. */
export const era: ChainProfile = {
  id: 324,
  name: 'zksync-era',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 200,
  nativeSymbol: 'ETH',
  wrappedNative: '0x5aea5775959fbc2557cc8789bc1bf90a239d9a91',
  stablecoins: [
    '0x3355df6d4c9c3035724fd0e3914de96a5a83aaf4', // USDC.e
    '0x1d17cbcf0d6d143135ae902365d2e5e2a16538d4', // USDC
    '0x493257fd37edb34451f62edf8d2a0c418852ba4c', // USDT
    '0x4b9eb6c0b6ea15176bbf62841c6b2a8a398cb656', // DAI
  ],
  multicall3: '0xf9cda624fbc7e059355ce98a31693d299facd963',
  factories: [
    factory('0x8fda5a7a8dca67bbcdd10f02fa0649a937215422', 'uniswap-v3', 'uniswap-v3', null, 12637080),
    factory('0xd03d8d566183f0086d8d09a84e1e30b58dd5619d', 'pancakeswap-v2', 'uniswap-v2', 2500, null),
    factory('0x488a92576da475f7429bc9dec9247045156144d3', 'koi-cl', 'uniswap-v3', null, 32830523),
    factory('0x0700fb51560cfc8f896b2c812499d17c5b0bf6a7', 'spacefi', 'uniswap-v2', null, 9683),
    factory('0x3a76e377ed58c8731f9df3a36155942438744ce3', 'zkswap-finance-v2', 'uniswap-v2', null, null),
    factory('0x065c8703132f2a38be3d2dbf7be6be455930560c', 'gemswap', 'uniswap-v2', null, null),
    factory('0x52a1865eb6903bc777a02ae93159105015ca1517', 'derpdex', 'uniswap-v3', null, 7790768),
    factory('0x31be61ce896e8770b21e7a1cafa28402dd701995', 'wagmi', 'uniswap-v3', null, 1351075),
    factory('0x1153d1d27a558471ef051c5d2d075d7d07b84a07', 'holdstation-swap', 'uniswap-v3', null, 31199635),
    factory('0xeee1af1ce68d280e9cafd861b7d4af776798f18d', 'zkswap-app', 'uniswap-v2', null, null),
    factory('0x5da48a338647e2dd79329b557b5729d8496ad83d', 'zk-swap', 'uniswap-v2', null, null),
    factory('0xdcba2077fe5261753ab29cc886bd5cfe1786a7d6', 'gxypad', 'uniswap-v2', null, null),
    factory('0x6167ce530e710e29d0f32cfe50062028800e5918', 'koone', 'uniswap-v2', null, null),
    factory('0xb618db8d97db96f31c1eb0fb99d9b5b372c2bdd3', 'megalon', 'uniswap-v2', null, null),
    factory('0x0e15a1a03bd356b17f576c50d23bf7fc00305590', 'onsenswap', 'uniswap-v2', null, null),
    factory('0x8435bd22e705dcefcf6ef8b921e6db534a4e9902', 'pixelswap', 'uniswap-v2', null, null),
    factory('0xea51ce8a1f9c1cbbf5b89d9b1da4a94fb1557866', 'sharelock', 'uniswap-v2', null, null),
    factory('0x5892dc61d3f243fa397197babc3bb709af4a0787', 'solunea', 'uniswap-v2', null, null),
    factory('0x7096cebc52012e2611a1e88c45bc54ee2a88dcb4', 'starmaker', 'uniswap-v2', null, null),
    factory('0x0a592988abe9017a3c0285b9aa251a4be8683394', 'usesugarswap', 'uniswap-v2', null, null),
    factory('0x48e571c645bbed451b7c58650e643f534fcab693', 'galoswap', 'uniswap-v2', null, null),
  ],
  routers: [
    '0x6e2b76966cbd9cf4cc2fa0d76d24d5241e0abc2f', // 1inch AggregationRouterV5
    '0x6fd4383cb451173d5f9304f041c7bcbf27d561ff', // 1inch AggregationRouterV6
    '0xa269031037b4d5fa3f771c401d19e57def6cb491', // Odos RouterV1
    '0x4bba932e9792a2b917d47830c93a9bc79320e4f7', // Odos RouterV2
    '0x3f95ef3f2eaca871858dbe20a93c01daf6c2e923', // KyberSwap MetaAggregationRouterV2
    '0xb9061e38fee7d30134f56aef7117e2f6d1580666', // OKX DexAggregationRouter
    '0x010bc6b1014e5ed8284ab0667b116aab99588159', // OKX DexRouter
    '0x5058c498864795689fe41fb54f29a8b71f0a7201', // OKX (others, LiFi whitelist)
    '0xc67879f4065d3b9fe1c09ee990b891aa8e3a4c2f', // OKX
    '0x108bfc6aa49718a1f9669fc0ccd1a21d0d30c8e0', // OKX
    '0xa081120347e57eb74de8a9be4a0441ebcb0a35f6', // OKX
    '0x3163ed233a3cb5e6b7f10a6f02b01f15867a8779', // OKX
    '0x6f7c20464258c732577c87a9b467619e03e5c158', // OKX
    '0x46edecea0228f04ab88dc34be98314863ba40be0', // OKX
    '0x36a1acbbcafca2468b85011ddd16e7cb4d673230', // OpenOcean ExchangeV2
    '0xb44958ff91b4b67d8d4db010e38ccffe52551ecb', // Fly/Magpie RouterV3_1
    '0xc5b20203b6807e742853c96ce7dcfb1e7b201c0a', // Fly
    '0xd12ecdd67300d5ef0a68576cfdf038bab5b5054a', // Enso RouterV1
    '0x1bd8cefd703cf6b8ff886ad2e32653c32bc62b5c', // Enso RouterV2
    '0x341e94069f53234fe6dabef707ad424830525715', // LiFi Diamond
    '0xa396390ce55ba9ba3a706c4924aef9679d36fbd9', // LiFi DEXAggregator
    '0xe4c82643a4f9fd288322cc6fbd7c48ab068b38d3', // Zerion Router
    '0x45a0b6ac062a6f137ddc12c01e580cfed1a6f4ec', // Binance Wallet router
    '0xc63c379ae456af9c73bf81a7d745faf1d9e180e0', // Tokenlon
    '0xec598f086899ed1ee56f8666a31ed19e57453725', // Superswap
    '0xadde7028e7ec226777e5dea5d53f6457c21ec7d6', // Socket/Bungee gateway
    '0x4f5456d4d0764473dfca1ffbb8524c151c4f19b9', // Symbiosis portal
    '0xe0b015e54d54fc84a6cb9b666099c46ade9335ff', // Across SpokePool
    '0x13598fd0986d0e33c402f6907f05acf720224527', // Rango
    '0x9e55e562d40fd01f38cd4057e632352fe0758f16', // Sushi RouteProcessor3.2/4
    '0xe6fd46600a97ce06703b58333b9c2399f4bf6fec', // Sushi RP5
    '0xd7c94c8c61628911c41141289af1d0de17d7ac8d', // Sushi RP6
    '0x81602ef321c46d73f5ba7f476947ae1a862957dc', // Sushi RP6.1
    '0x3b0aa7d38bf3c103bf02d1de2e37568cbed3d6e8', // Sushi RP7
    '0xd2b37ade14708bf18904047b1e31f8166d39612b', // Sushi RP9
    '0xe89aab725a2b2c0656248dcccc894a04661be55a', // Sushi RP9.1
    '0xc10ee9031f2a0b84766a86b55a8d90f357910fb4', // Sushi RP9.2
    '0x2da10a1e27bf85cedd8ffb1abbe97e53391c0295', // SyncSwap Router
    '0x9b5def958d0f3b6955cbea4d5b7809b2fb26b059', // SyncSwap RouterV2
    '0x1b887a14216bdeb7f8204ee6a269bd9ff73a084c', // SyncSwap RouterV3 (single source)
    '0x8b791913eb07c32779a16750e3868aa8495f5964', // Mute/Koi Router
    '0xbe7d1fd1f6748bbdefc4fbacafbb11c6fc506d1d', // SpaceFi Router
    '0x18381c0f738146fb694de18d1106bde2be040fa4', // ZKSwap Finance Router
    '0x5aeaf2883fbf30f3d62471154eda3c0c1b05942d', // PancakeSwap V2 Router
    '0xf8b59f3c3ab33200ec80a8a58b2aa5f5d2a8944c', // PancakeSwap SmartRouter
    '0xdaee41e335322c85ff2c5a6745c98e1351806e98', // PancakeSwap UniversalRouter
    '0xd70c70ad87aa8d45b8d59600342fb3aee76e3c68', // PancakeSwap V3 SwapRouter (single source)
    '0x28731bcc616b5f51dd52cf2e4df0e78dd1136c06', // Uniswap UniversalRouter
    '0x99c56385dabce3e81d8499d0b8d0257abc07e8a3', // Uniswap SwapRouter02
    '0x0616e5762c1e7dc3723c50663df10a162d690a86', // Uniswap NonfungiblePositionManager
    '0x943ac2310d9bc703d6ab5e5e76876e212100f894', // iZiSwap Swap (v2)
    '0x9606ec131eec0f84c95d82c9a63959f2331cf2ac', // iZiSwap Swap (v1, from dune seed tx.to)
    '0x39e098a153ad69834a9dac32f0fca92066ad03f4', // Maverick Router V1
    '0xf29eb540eeba673f8fb6131a7c7403c8e4c3f143', // Velocore V1 router (conflicting sources)
    '0xd999e16e68476bc749a28fc14a0c3b6d7073f50c', // Velocore V1 router (conflicting sources)
    '0x46dbd39e26a56778d88507d7aec6967108c0bd36', // Velocore V1 router (conflicting sources)
    '0x6c31035d62541ceba2ac587ea09891d1645d6d07', // VeSync Router
    '0x498f7bb59c61307de7dea005877220e4406470e9', // eZKalibur Router
    '0x718aea365b83aff91e561597ab9d4225f632b52a', // Wagmi router (single source)
    '0x09873bfeca34f1acd0a7e55cda591f05d8a75369', // WooRouterV2
    '0xfd505702b37ae9b626952eb2dd736d9045876417', // WooRouter (older, single source)
  ],
  l1: { chainId: 1, diamond: '0x32400084c286cf3e17e7b677ea9583e60a000324', startBlock: 0 },
}
