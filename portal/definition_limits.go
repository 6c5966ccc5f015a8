package portal

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// usage says how far a limit is used; Percentage is of the limit.
type usage struct {
	Limit      int     `json:"limit"`
	Usage      int     `json:"usage"`
	Percentage float64 `json:"percentage"`
}

func usageOf(used, limit int) usage {
	return usage{Limit: limit, Usage: used, Percentage: float64(used) * 100 / float64(limit)}
}

// namedObject is an object type in an answer about limits.
type namedObject struct {
	ObjectTypeID  string `json:"objectTypeId"`
	SingularLabel string `json:"singularLabel"`
	PluralLabel   string `json:"pluralLabel"`
}

func (c *catalog) nameObject(objectType crm.ObjectType) namedObject {
	singular, plural := c.labels(objectType)
	return namedObject{objectType.ID(), singular, plural}
}

// propertyUsage is one object type in the answer about custom properties.
type propertyUsage struct {
	namedObject
	usage
}

// propertyLimits is the answer about custom properties.
type propertyLimits struct {
	OverallLimit      int             `json:"overallLimit"`
	OverallUsage      int             `json:"overallUsage"`
	OverallPercentage float64         `json:"overallPercentage"`
	ByObjectType      []propertyUsage `json:"byObjectType"`
}

// limitProperties is GET /crm/limits/{version}/custom-properties.
func limitProperties(c *call) (answer, error) {
	overall := usageOf(c.catalog.customOverall(), maxCustomAll)
	limits := propertyLimits{OverallLimit: overall.Limit, OverallUsage: overall.Usage, OverallPercentage: overall.Percentage, ByObjectType: []propertyUsage{}}
	for objectType := range c.catalog.properties {
		if canLabel(objectType) { // the objects that were seen in the answer
			limits.ByObjectType = append(limits.ByObjectType, propertyUsage{c.catalog.nameObject(objectType), usageOf(c.catalog.custom(objectType), maxCustom)})
		}
	}
	slices.SortFunc(limits.ByObjectType, func(a, b propertyUsage) int { return cmp.Compare(a.ObjectTypeID, b.ObjectTypeID) })
	return answer{http.StatusOK, limits}, nil
}

// labelUsage is one direction of a pair of object types in the answer about labels.
type labelUsage struct {
	usage
	From   namedObject `json:"fromObjectType"`
	To     namedObject `json:"toObjectType"`
	Labels []string    `json:"allLabels"`
}

// limitLabels is GET /crm/limits/{version}/associations/labels: the pairs that have
// labels.
func limitLabels(c *call) (answer, error) {
	limit, _ := strconv.Atoi(c.portal.ruled(rulingLabelLimit))
	page := hubspot.Page[labelUsage]{Results: []labelUsage{}}
	for pair, types := range c.catalog.types {
		row := labelUsage{From: c.catalog.nameObject(pair[0]), To: c.catalog.nameObject(pair[1])}
		for _, t := range types {
			if t.Type.Category == crm.UserDefined && t.Type.Label != "" {
				row.Labels = append(row.Labels, t.Type.Label)
			}
		}
		if len(row.Labels) > 0 {
			row.usage = usageOf(len(row.Labels), limit)
			page.Results = append(page.Results, row)
		}
	}
	slices.SortFunc(page.Results, func(a, b labelUsage) int {
		return cmp.Or(cmp.Compare(a.From.ObjectTypeID, b.From.ObjectTypeID), cmp.Compare(a.To.ObjectTypeID, b.To.ObjectTypeID))
	})
	return answer{http.StatusOK, page}, nil
}
