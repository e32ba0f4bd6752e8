"""The types of a site's pages, as Graph's CSDL has them."""

import graphwright_sandbox.sharepoint.types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
complex Json open
enum pageLayoutType: microsoftReserved article home unknownFutureValue
enum pagePromotionType: microsoftReserved page newsPost unknownFutureValue
enum titleAreaLayoutType: imageAndTitle plain colorBlock overlap unknownFutureValue
enum titleAreaTextAlignmentType: left center unknownFutureValue
enum sectionEmphasisType: none neutral soft strong unknownFutureValue
enum horizontalSectionLayoutType: none oneColumn twoColumns threeColumns oneThirdLeftColumn oneThirdRightColumn fullWidth unknownFutureValue
complex metaDataKeyStringPair
  key String
  value String
complex serverProcessedContent open
  htmlStrings [metaDataKeyStringPair]
  imageSources [metaDataKeyStringPair]
  links [metaDataKeyStringPair]
  searchablePlainTexts [metaDataKeyStringPair]
complex titleArea open
  alternativeText String
  enableGradientEffect Boolean
  imageWebUrl String
  layout titleAreaLayoutType
  serverProcessedContent serverProcessedContent
  showAuthor Boolean
  showPublishedDate Boolean
  showTextBlockAboveTitle Boolean
  textAboveTitle String
  textAlignment titleAreaTextAlignmentType
complex reactionsFacet
  commentCount Int32
  likeCount Int32
  shareCount Int32
entity baseSitePage : baseItem
  pageLayout pageLayoutType
  publishingState publicationFacet!
  title String
entity sitePage : baseSitePage open
  promotionKind pagePromotionType
  reactions reactionsFacet!
  showComments Boolean
  showRecommendedPages Boolean
  thumbnailWebUrl String
  titleArea titleArea
  -> canvasLayout canvasLayout
  -> webParts [webPart]
entity canvasLayout : entity
  -> horizontalSections [horizontalSection]
  -> verticalSection verticalSection
entity horizontalSection : entity
  emphasis sectionEmphasisType
  layout horizontalSectionLayoutType
  -> columns [horizontalSectionColumn]
entity horizontalSectionColumn : entity
  width Int32
  -> webparts [webPart]
entity verticalSection : entity
  emphasis sectionEmphasisType
  -> webparts [webPart]
complex webPartData
  dataVersion String
  description String
  properties Json
  serverProcessedContent serverProcessedContent
  title String
complex webPartPosition
  columnId Double
  horizontalSectionId Double
  isInVerticalSection Boolean
  webPartIndex Double
entity webPart : entity
entity textWebPart : webPart
  innerHtml String
entity standardWebPart : webPart
  containerTextWebPartId String
  data webPartData
  webPartType String
"""  # noqa: E501 - an enumeration is one line
)
