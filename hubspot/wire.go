package hubspot

import (
	"encoding/json"
	"errors"
)

// Object is a record as every object endpoint returns it.
type Object struct {
	ID                 string                  `json:"id"`
	Properties         map[string]*string      `json:"properties"` // null and absent both mean empty
	CreatedAt          string                  `json:"createdAt,omitempty"`
	UpdatedAt          string                  `json:"updatedAt,omitempty"`
	Archived           bool                    `json:"archived"`
	ArchivedAt         string                  `json:"archivedAt,omitempty"`
	Associations       map[string]Associations `json:"associations,omitempty"`
	ObjectWriteTraceID string                  `json:"objectWriteTraceId,omitempty"`
	New                *bool                   `json:"new,omitempty"` // upsert only

	PropertiesWithHistory map[string][]PropertyVersion `json:"propertiesWithHistory,omitempty"`
}

// UnmarshalJSON takes an id that is a number for the text of it.
func (o *Object) UnmarshalJSON(data []byte) error {
	type plain Object // without this method
	decoded := struct {
		*plain
		ID FlexID `json:"id"`
	}{plain: (*plain)(o)}
	if err := json.Unmarshal(data, &decoded); err != nil {
		return err
	}
	o.ID = string(decoded.ID)
	return nil
}

// PropertyVersion is a value that a property has or had, the newest first.
type PropertyVersion struct {
	Value      string `json:"value"`
	Timestamp  string `json:"timestamp"`
	SourceType string `json:"sourceType,omitempty"` // API, CRM_UI, IMPORT, …
}

// Associations are one object type's in a single read: a row for each type of
// each pair, so a record can appear twice.
type Associations struct {
	Results []AssociatedID `json:"results"`
	Paging  *Paging        `json:"paging,omitempty"`
}

// AssociatedID is one row of Associations.
type AssociatedID struct {
	ID   string `json:"id"`
	Type string `json:"type"` // contact_to_company, …
}

// UnmarshalJSON takes an id that is a number for the text of it.
func (a *AssociatedID) UnmarshalJSON(data []byte) error {
	var decoded struct {
		ID   FlexID `json:"id"`
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &decoded); err != nil {
		return err
	}
	*a = AssociatedID{ID: string(decoded.ID), Type: decoded.Type}
	return nil
}

// Paging leads to the next page; absent on the last.
type Paging struct {
	Next *NextPage `json:"next,omitempty"`
}

// NextPage holds the cursor of the next page. Link is never followed.
type NextPage struct {
	After string `json:"after"`
	Link  string `json:"link,omitempty"`
}

// Page is a page of a list.
type Page[T any] struct {
	Total   *int    `json:"total,omitempty"` // search only
	Results []T     `json:"results"`
	Paging  *Paging `json:"paging,omitempty"`
}

// BatchResponse is the envelope of every batch call. Errors may be present on any
// 2xx status.
type BatchResponse[T any] struct {
	Status      string            `json:"status"` // COMPLETE
	Results     []T               `json:"results"`
	RequestedAt string            `json:"requestedAt,omitempty"`
	StartedAt   string            `json:"startedAt"`
	CompletedAt string            `json:"completedAt"`
	NumErrors   int               `json:"numErrors,omitempty"`
	Errors      []ErrorBody       `json:"errors,omitempty"`
	Links       map[string]string `json:"links,omitempty"`
}

// ErrorBody is HubSpot's error envelope, and an item of BatchResponse.Errors. Its
// guide says to treat every field as optional.
type ErrorBody struct {
	Status        string              `json:"status,omitempty"` // "error"
	Message       string              `json:"message,omitempty"`
	CorrelationID string              `json:"correlationId,omitempty"`
	Category      string              `json:"category,omitempty"`
	SubCategory   json.RawMessage     `json:"subCategory,omitempty"`
	ErrorType     string              `json:"errorType,omitempty"`  // RATE_LIMIT
	PolicyName    string              `json:"policyName,omitempty"` // TEN_SECONDLY_ROLLING, DAILY, SECONDLY
	Errors        []ErrorDetail       `json:"errors,omitempty"`
	Context       map[string][]string `json:"context,omitempty"`
	Links         map[string]string   `json:"links,omitempty"`
}

// ErrorDetail is one cause inside an ErrorBody.
type ErrorDetail struct {
	Message     string              `json:"message"`
	Code        string              `json:"code,omitempty"` // PROPERTY_DOESNT_EXIST, INVALID_OPTION, …
	In          string              `json:"in,omitempty"`
	SubCategory string              `json:"subCategory,omitempty"`
	Context     map[string][]string `json:"context,omitempty"`
}

// AssociationSpec names an association type in a write.
type AssociationSpec struct {
	AssociationCategory string `json:"associationCategory"`
	AssociationTypeID   int    `json:"associationTypeId"`
}

// NewAssociation is an association in a create.
type NewAssociation struct {
	To    RecordID          `json:"to"`
	Types []AssociationSpec `json:"types"`
}

// RecordID is a record's id inside an object. HubSpot accepts and sends numbers
// and strings; both decode, and it encodes as a string.
type RecordID struct {
	ID FlexID `json:"id"`
}

// FlexID is an id that decodes from a JSON string or number.
type FlexID string

var errNotID = errors.New("an id must be a string or a number")

// UnmarshalJSON accepts "123" and 123.
func (id *FlexID) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*id = FlexID(text)
		return nil
	}
	var number json.Number
	if json.Unmarshal(data, &number) != nil {
		return errNotID
	}
	*id = FlexID(number)
	return nil
}

// CreateInput is one input of a create.
type CreateInput struct {
	Properties         map[string]string `json:"properties"`
	Associations       []NewAssociation  `json:"associations,omitempty"`
	ObjectWriteTraceID string            `json:"objectWriteTraceId,omitempty"`
}

// UpdateInput is one input of a batch update or upsert.
type UpdateInput struct {
	ID                 string            `json:"id"`
	IDProperty         string            `json:"idProperty,omitempty"`
	Properties         map[string]string `json:"properties"`
	ObjectWriteTraceID string            `json:"objectWriteTraceId,omitempty"`
}

// BatchReadRequest is the body of a batch read.
type BatchReadRequest struct {
	Properties            []string   `json:"properties"`
	PropertiesWithHistory []string   `json:"propertiesWithHistory,omitempty"`
	IDProperty            string     `json:"idProperty,omitempty"` // "email"; empty = record ids
	Inputs                []RecordID `json:"inputs"`
}

// BatchRequest is the body of every other batch call.
type BatchRequest[T any] struct {
	Inputs []T `json:"inputs"`
}

// AssociationInput is one pair of an association batch create or labels archive.
type AssociationInput struct {
	From  RecordID          `json:"from"`
	To    RecordID          `json:"to"`
	Types []AssociationSpec `json:"types"`
}

// DissociationInput is one record of an association batch archive.
type DissociationInput struct {
	From RecordID   `json:"from"`
	To   []RecordID `json:"to"`
}

// AssociationReadInput is one record of an association batch read.
type AssociationReadInput struct {
	ID    string `json:"id"`
	After string `json:"after,omitempty"`
}

// RecordAssociations is one record's in an association batch read. Records
// without associations are absent from the answer.
type RecordAssociations struct {
	From   RecordID           `json:"from"`
	To     []AssociatedRecord `json:"to"`
	Paging *Paging            `json:"paging,omitempty"`
}

// AssociatedRecord is one record at the other end, with every type of the pair.
type AssociatedRecord struct {
	ToObjectID       FlexID  `json:"toObjectId"`
	AssociationTypes []Label `json:"associationTypes"`
}

// Label is an association type; Label is nil for the unlabeled one.
type Label struct {
	Category string  `json:"category"`
	TypeID   int     `json:"typeId"`
	Label    *string `json:"label"`
}

// LabelsBetweenPair is a result of an association batch create.
type LabelsBetweenPair struct {
	FromObjectTypeID string   `json:"fromObjectTypeId"`
	FromObjectID     FlexID   `json:"fromObjectId"`
	ToObjectTypeID   string   `json:"toObjectTypeId"`
	ToObjectID       FlexID   `json:"toObjectId"`
	Labels           []string `json:"labels"`
}

// Property is a property definition.
type Property struct {
	Name                 string                `json:"name"`
	Label                string                `json:"label"`
	Type                 string                `json:"type"`
	FieldType            string                `json:"fieldType"`
	Description          string                `json:"description"`
	GroupName            string                `json:"groupName"`
	Options              []Option              `json:"options"`
	DisplayOrder         int                   `json:"displayOrder"`
	Calculated           bool                  `json:"calculated"`
	ExternalOptions      bool                  `json:"externalOptions"`
	HasUniqueValue       bool                  `json:"hasUniqueValue"`
	Hidden               bool                  `json:"hidden"`
	HubSpotDefined       bool                  `json:"hubspotDefined,omitempty"`
	FormField            bool                  `json:"formField"`
	DataSensitivity      string                `json:"dataSensitivity,omitempty"`
	ReferencedObjectType string                `json:"referencedObjectType,omitempty"`
	CalculationFormula   string                `json:"calculationFormula,omitempty"`
	NumberDisplayHint    string                `json:"numberDisplayHint,omitempty"`
	TextDisplayHint      string                `json:"textDisplayHint,omitempty"`
	CurrencyPropertyName string                `json:"currencyPropertyName,omitempty"`
	ShowCurrencySymbol   *bool                 `json:"showCurrencySymbol,omitempty"`
	Archived             *bool                 `json:"archived,omitempty"`
	ArchivedAt           string                `json:"archivedAt,omitempty"`
	CreatedAt            string                `json:"createdAt,omitempty"`
	UpdatedAt            string                `json:"updatedAt,omitempty"`
	ModificationMetadata *ModificationMetadata `json:"modificationMetadata,omitempty"`
}

// Option is an allowed value of an enumeration.
type Option struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description,omitempty"`
	DisplayOrder int    `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

// ModificationMetadata says what may be changed about a property. Its values can
// be written exactly when ReadOnlyValue is false.
type ModificationMetadata struct {
	Archivable         bool  `json:"archivable"`
	ReadOnlyDefinition bool  `json:"readOnlyDefinition"`
	ReadOnlyOptions    *bool `json:"readOnlyOptions,omitempty"`
	ReadOnlyValue      bool  `json:"readOnlyValue"`
}

// PropertyGroup is a heading under which HubSpot shows properties. Of two with the
// same DisplayOrder the one whose label comes first is first; -1 stands behind all.
type PropertyGroup struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder"`
	Archived     bool   `json:"archived"`
}

// ValidationRule is a portal's rule for a property's values.
type ValidationRule struct {
	RuleType                 string   `json:"ruleType"`
	RuleArguments            []string `json:"ruleArguments"`
	ShouldApplyNormalization bool     `json:"shouldApplyNormalization,omitempty"`
}

// PropertyRules are the rules of one property.
type PropertyRules struct {
	PropertyName            string           `json:"propertyName"`
	PropertyValidationRules []ValidationRule `json:"propertyValidationRules"`
}

// Owner is a user or queue that may own records.
type Owner struct {
	ID        string `json:"id"`
	Email     string `json:"email,omitempty"`
	Type      string `json:"type,omitempty"` // PERSON, QUEUE
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	UserID    *int   `json:"userId,omitempty"`
	CreatedAt string `json:"createdAt"`
	UpdatedAt string `json:"updatedAt"`
	Archived  bool   `json:"archived"`
}

// Account says which portal a token belongs to.
type Account struct {
	PortalID              int64    `json:"portalId"`
	AccountType           string   `json:"accountType"` // STANDARD, DEVELOPER_TEST, SANDBOX, APP_DEVELOPER
	TimeZone              string   `json:"timeZone"`
	CompanyCurrency       string   `json:"companyCurrency,omitempty"`
	AdditionalCurrencies  []string `json:"additionalCurrencies"`
	UTCOffset             string   `json:"utcOffset,omitempty"`
	UTCOffsetMilliseconds int64    `json:"utcOffsetMilliseconds"`
	UIDomain              string   `json:"uiDomain,omitempty"`
	DataHostingLocation   string   `json:"dataHostingLocation,omitempty"`
}

// SearchRequest is the body of a search.
type SearchRequest struct {
	FilterGroups []FilterGroup `json:"filterGroups"`
	Properties   []string      `json:"properties,omitempty"`
	Sorts        []Sort        `json:"sorts,omitempty"`
	Query        string        `json:"query,omitempty"`
	Limit        int           `json:"limit,omitempty"`
	After        string        `json:"after,omitempty"` // an offset, not an id
}

// FilterGroup is a conjunction; groups are alternatives.
type FilterGroup struct {
	Filters []Filter `json:"filters"`
}

// Filter is one condition.
type Filter struct {
	PropertyName string   `json:"propertyName"`
	Operator     string   `json:"operator"` // EQ, IN, HAS_PROPERTY, …
	Value        string   `json:"value,omitempty"`
	HighValue    string   `json:"highValue,omitempty"`
	Values       []string `json:"values,omitempty"`
}

// Sort orders a search.
type Sort struct {
	PropertyName string `json:"propertyName"`
	Direction    string `json:"direction,omitempty"` // ASCENDING, DESCENDING
}
