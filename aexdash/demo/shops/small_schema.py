"""The few types of Shopify's Admin GraphQL 2026-10 that we ask for, written down by hand.

A test compares every type, field and argument with Shopify's own schema, where that was fetched.
"""

SDL = """
schema { query: QueryRoot mutation: Mutation }

scalar DateTime
scalar Money
scalar URL
scalar UnsignedInt64

enum ProductStatus { ACTIVE ARCHIVED DRAFT UNLISTED }
enum CurrencyCode { CNY EUR GBP PLN USD }
enum CountPrecision { AT_LEAST EXACT }
enum ResourceFeedbackState { ACCEPTED REQUIRES_ACTION }
enum BulkOperationStatus { CANCELED CANCELING COMPLETED CREATED EXPIRED FAILED RUNNING }
enum BulkOperationErrorCode { ACCESS_DENIED INTERNAL_SERVER_ERROR TIMEOUT }
enum BulkOperationUserErrorCode { INVALID LIMIT_REACHED OPERATION_IN_PROGRESS }

type QueryRoot {
  shop: Shop!
  currentAppInstallation: AppInstallation!
  products(first: Int, after: String, query: String): ProductConnection!
  productVariants(first: Int, after: String, query: String): ProductVariantConnection!
  productsCount(query: String, limit: Int): Count
  bulkOperation(id: ID!): BulkOperation
}

type Mutation {
  bulkOperationRunQuery(query: String!, groupObjects: Boolean!): BulkOperationRunQueryPayload
  bulkOperationCancel(id: ID!): BulkOperationCancelPayload
}

type Shop { name: String! myshopifyDomain: String! currencyCode: CurrencyCode! }
type AppInstallation { accessScopes: [AccessScope!]! }
type AccessScope { handle: String! }
type Count { count: Int! precision: CountPrecision! }

type ProductConnection { edges: [ProductEdge!]! nodes: [Product!]! pageInfo: PageInfo! }
type ProductEdge { node: Product! }
type ProductVariantConnection { edges: [ProductVariantEdge!]! nodes: [ProductVariant!]! pageInfo: PageInfo! }
type ProductVariantEdge { node: ProductVariant! }
type PageInfo { hasNextPage: Boolean! endCursor: String }

type Product {
  id: ID!
  title: String!
  status: ProductStatus!
  updatedAt: DateTime!
  featuredMedia: Media
  feedback: ResourceFeedback
  metafield(namespace: String, key: String!): Metafield
  resourcePublicationsV2(first: Int): ResourcePublicationV2Connection!
  variants(first: Int): ProductVariantConnection!
}

type ProductVariant {
  id: ID!
  title: String!
  sku: String
  price: Money!
  updatedAt: DateTime!
  inventoryQuantity: Int
  inventoryItem: InventoryItem!
  metafield(namespace: String, key: String!): Metafield
  product: Product!
}

type InventoryItem { tracked: Boolean! }
type Metafield { value: String! }

interface Media { preview: MediaPreviewImage }
type MediaImage implements Media { preview: MediaPreviewImage }
type MediaPreviewImage { image: Image }
type Image { url: URL! }

type ResourcePublicationV2Connection { edges: [ResourcePublicationV2Edge!]! nodes: [ResourcePublicationV2!]! }
type ResourcePublicationV2Edge { node: ResourcePublicationV2! }
type ResourcePublicationV2 { isPublished: Boolean! publication: Publication! }
type Publication { catalog: Catalog }
interface Catalog { title: String! }
type AppCatalog implements Catalog { title: String! }

type ResourceFeedback { details: [AppFeedback!]! }
type AppFeedback {
  state: ResourceFeedbackState!
  feedbackGeneratedAt: DateTime!
  app: App!
  messages: [UserError!]!
}
type App { title: String! }
type UserError { field: [String!] message: String! }

type BulkOperation {
  id: ID!
  status: BulkOperationStatus!
  errorCode: BulkOperationErrorCode
  objectCount: UnsignedInt64!
  rootObjectCount: UnsignedInt64!
  url: URL
  partialDataUrl: URL
}
type BulkOperationRunQueryPayload { bulkOperation: BulkOperation userErrors: [BulkOperationUserError!]! }
type BulkOperationUserError { code: BulkOperationUserErrorCode field: [String!] message: String! }
type BulkOperationCancelPayload { bulkOperation: BulkOperation userErrors: [UserError!]! }
"""
