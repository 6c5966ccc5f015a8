package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// refusal is an answer other than success. Its body has HubSpot's error envelope;
// the correlation id is filled in when it is sent.
type refusal struct {
	status int
	body   errorBody
}

func (r *refusal) Error() string { return r.body.Message }

// errorBody is hubspot.ErrorBody with its keys in the order of the samples in
// HubSpot's error guide, which tests hold byte for byte.
type errorBody struct {
	Status        string                `json:"status"`
	Message       string                `json:"message"`
	CorrelationID string                `json:"correlationId"`
	Errors        []hubspot.ErrorDetail `json:"errors,omitempty"`
	Context       map[string][]string   `json:"context,omitempty"`
	Links         map[string]string     `json:"links,omitempty"`
	SubCategory   string                `json:"subCategory,omitempty"`
	Category      string                `json:"category,omitempty"`
}

// itemError is one entry of a batch answer's errors.
type itemError struct {
	Status      string                `json:"status"`
	Category    string                `json:"category"`
	SubCategory string                `json:"subCategory,omitempty"`
	Message     string                `json:"message"`
	Errors      []hubspot.ErrorDetail `json:"errors,omitempty"`
	Context     map[string][]string   `json:"context"`
}

const (
	categoryValidation = "VALIDATION_ERROR"
	categoryNotFound   = "OBJECT_NOT_FOUND"
	categoryConflict   = "CONFLICT"
	categoryExists     = "OBJECT_ALREADY_EXISTS"
)

func refuse(status int, category, message string) *refusal {
	return &refusal{status, errorBody{Status: "error", Message: message, Category: category}}
}

func invalid(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, categoryValidation, fmt.Sprintf(format, args...))
}

// because adds the subcategory of a refusal.
func (r *refusal) because(subCategory string) *refusal {
	r.body.SubCategory = subCategory
	return r
}

// listed is a refusal as one of the errors of a batch.
func (r *refusal) listed(context map[string][]string) itemError {
	return itemError{
		Status: "error", Category: r.body.Category, SubCategory: r.body.SubCategory, Message: r.body.Message,
		Errors: r.body.Errors, Context: context,
	}
}

// notFound is the answer for a record that does not exist, without a category as
// it was seen live.
func notFound() *refusal { return refuse(http.StatusNotFound, "", "resource not found") }

// noRecord is the answer for an id in a path that leads to no record. HubSpot was
// seen to tell three causes apart: a text that is no number, a number that no id
// can be, and an id that no record has.
func noRecord(key string) *refusal {
	digits := strings.TrimPrefix(key, "-")
	refused := notFound()
	switch {
	case digits == "" || strings.Trim(digits, "0123456789") != "":
		refused = refuse(http.StatusNotFound, categoryNotFound, "Object not found.  objectId are usually numeric.")
	case digits != key || strings.Trim(digits, "0") == "":
		refused = refuse(http.StatusNotFound, categoryNotFound, "Object not found. objectId is usually positive.")
	default:
		return refused
	}
	refused.body.Context = map[string][]string{"id": {key}}
	return refused
}

func unknownType(text string) *refusal {
	return invalid("Unable to infer object type from: %s", text)
}

// tooMany is HubSpot's wording for a batch over its limit.
func tooMany(limit int) *refusal {
	return invalid("The maximum number of inputs supported in a batch is %d. Please reduce the number of items and try again", limit)
}

// tooManyHistories is the lower limit of a read that asks for histories.
func tooManyHistories() *refusal {
	return invalid("The maximum number of inputs supported in a batch request for property histories is %d. Please reduce the number of items and try again", maxHistories)
}

// taken says which record holds an address already. A holder that this very
// request was about to create has no id to tell.
func taken(holder int64, told bool) *refusal {
	message := "Contact already exists"
	if told {
		message += ". Existing ID: " + strconv.FormatInt(holder, 10)
	}
	return refuse(http.StatusConflict, categoryConflict, message)
}

// valueTaken is the wording seen for a value of a unique property.
func (p *Portal) valueTaken(objectType crm.ObjectType, property, value string, id, holder int64) *refusal {
	return invalid("Cannot set PropertyValueCoordinates{portalId=%d, objectTypeId=ObjectTypeId{legacyObjectType=%s}, propertyName=%s, value=%s} on %d. %d already has that value.",
		p.number, strings.ToUpper(string(objectType)), property, value, id, holder)
}

func (p *Portal) notUnique(objectType crm.ObjectType, property string) *refusal {
	return invalid("Unable to perform update/upsert by non-unique %s property %s in portal ID %d", objectType.ID(), property, p.number)
}

// valueProblem is what is wrong with one property of one input.
type valueProblem struct {
	Property, Code, Message string
}

// Property problems are listed by kind in this order: what does not exist, what
// cannot be written, wrong values, addresses.
func (v valueProblem) rank() int {
	switch v.Code {
	case "PROPERTY_DOESNT_EXIST":
		return 0
	case "READ_ONLY_VALUE":
		return 1
	case "INVALID_EMAIL":
		return 3
	}
	return 2
}

// invalidValues lists every problem of one input twice, as HubSpot does: as JSON
// inside the message, and as errors.
func (p *Portal) invalidValues(problems []valueProblem) *refusal {
	type inner struct {
		IsValid   bool   `json:"isValid"`
		Message   string `json:"message"`
		Error     string `json:"error"`
		Name      string `json:"name"`
		Localized string `json:"localizedErrorMessage,omitempty"`
		PortalID  int64  `json:"portalId,omitempty"`
	}
	slices.SortStableFunc(problems, func(a, b valueProblem) int { return a.rank() - b.rank() })
	r := refuse(http.StatusBadRequest, categoryValidation, "")
	items := make([]inner, len(problems))
	for i, v := range problems {
		items[i] = inner{Message: v.Message, Error: v.Code, Name: v.Property}
		if v.Code != "INVALID_EMAIL" {
			items[i].Localized, items[i].PortalID = v.Message, p.number
		}
		r.body.Errors = append(r.body.Errors, hubspot.ErrorDetail{
			Message: v.Message, Code: v.Code, Context: map[string][]string{"propertyName": {v.Property}},
		})
	}
	r.body.Message = "Property values were not valid: " + string(marshal(items))
	return r
}

// malformed says where a body stopped being JSON of the expected shape.
func malformed(body []byte, err error) *refusal {
	offset := int64(len(body))
	reason := "Cannot deserialize value: " + err.Error()
	if syntax, ok := asError[*json.SyntaxError](err); ok {
		offset, reason = syntax.Offset, "Unexpected character or end of input"
	} else if mismatch, ok := asError[*json.UnmarshalTypeError](err); ok {
		offset, reason = mismatch.Offset, "Cannot deserialize value of type `"+jsonType(mismatch.Type)+"` from "+mismatch.Value
	}
	before := string(body[:min(max(offset, 0), int64(len(body)))])
	line := strings.Count(before, "\n") + 1
	column := max(len(before)-strings.LastIndexByte(before, '\n')-1, 1)
	return invalid("Invalid input JSON on line %d, column %d: %s", line, column, reason)
}

// jsonType names what a request must hold in a place, without a word about the
// portal's own types.
func jsonType(t reflect.Type) string {
	switch t.Kind() { //nolint:exhaustive // the others are objects
	case reflect.String:
		return "String"
	case reflect.Bool:
		return "Boolean"
	case reflect.Slice:
		return "List"
	}
	return "Object"
}
