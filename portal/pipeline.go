package portal

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// A pipeline here is a view of the options of a property, so the two can never
// differ: the lifecycle of contacts and companies, the stages of deals and those of
// tickets. Each object has one. The lifecycle's stages can be changed, the others'
// cannot, which HubSpot allows.

// pipeline is a pipeline as the API returns it.
type pipeline struct {
	Label        string          `json:"label"`
	DisplayOrder int             `json:"displayOrder"`
	ID           string          `json:"id"`
	Stages       []pipelineStage `json:"stages"`
	CreatedAt    string          `json:"createdAt"`
	UpdatedAt    string          `json:"updatedAt"`
	Archived     bool            `json:"archived"`
}

type pipelineStage struct {
	Label            string            `json:"label"`
	DisplayOrder     int               `json:"displayOrder"`
	Metadata         map[string]string `json:"metadata"`
	ID               string            `json:"id"`
	CreatedAt        string            `json:"createdAt"`
	UpdatedAt        string            `json:"updatedAt"`
	Archived         bool              `json:"archived"`
	WritePermissions string            `json:"writePermissions"`
}

// pipelineProperties says of which property a pipeline is the view, and what it is
// called.
var pipelineProperties = map[crm.ObjectType]struct{ id, label, property string }{
	crm.TypeContact: {"contacts-lifecycle-pipeline", "Lifecycle Stage Pipeline", propertyStage},
	crm.TypeCompany: {"companies-lifecycle-pipeline", "Lifecycle Stage Pipeline", propertyStage},
	crm.TypeDeal:    {"default", "Sales Pipeline", "dealstage"},
	crm.TypeTicket:  {"0", "Support Pipeline", "hs_pipeline_stage"},
}

// probabilities are those of HubSpot's own deal stages.
var probabilities = map[string]string{
	"appointmentscheduled": "0.2", "qualifiedtobuy": "0.4", "presentationscheduled": "0.6", "decisionmakerboughtin": "0.8",
	"contractsent": "0.9", "closedwon": "1.0", "closedlost": "0.0",
}

// metadataOf is what HubSpot says of a stage beside its label.
func metadataOf(objectType crm.ObjectType, stage string, last bool) map[string]string {
	if objectType == crm.TypeDeal {
		probability := probabilities[stage]
		return map[string]string{"isClosed": strconv.FormatBool(probability == "1.0" || probability == "0.0"), "probability": probability}
	}
	metadata := map[string]string{"isClosed": "false"}
	if objectType == crm.TypeTicket {
		metadata["ticketState"] = "OPEN"
		if last {
			metadata["isClosed"], metadata["ticketState"] = "true", "CLOSED"
		}
	}
	return metadata
}

// pipelines are those of an object type, none where it has none.
func (c *catalog) pipelines(objectType crm.ObjectType) []pipeline {
	of, ok := pipelineProperties[objectType]
	if !ok {
		return nil
	}
	property := c.properties[objectType][of.property]
	p := pipeline{ID: of.id, Label: of.label, Stages: []pipelineStage{}, CreatedAt: property.CreatedAt, UpdatedAt: property.UpdatedAt}
	options := inOrder(property.Options)
	for i, option := range options {
		p.Stages = append(p.Stages, pipelineStage{
			Label: option.Label, DisplayOrder: option.DisplayOrder, ID: option.Value,
			Metadata:  metadataOf(objectType, option.Value, i == len(options)-1),
			CreatedAt: property.CreatedAt, UpdatedAt: property.UpdatedAt, WritePermissions: "CRM_PERMISSIONS_ENFORCEMENT",
		})
	}
	return []pipeline{p}
}

// inOrder are options as HubSpot shows them.
func inOrder(options []hubspot.Option) []hubspot.Option {
	return slices.SortedStableFunc(slices.Values(options), func(a, b hubspot.Option) int { return cmp.Compare(a.DisplayOrder, b.DisplayOrder) })
}

// listPipelines is GET /crm/v3/pipelines/{type}.
func listPipelines(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	return answer{http.StatusOK, hubspot.Page[pipeline]{Results: append([]pipeline{}, c.catalog.pipelines(objectType)...)}}, nil
}

// pathPipeline is the pipeline that the path names.
func (c *call) pathPipeline() (crm.ObjectType, pipeline, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return "", pipeline{}, err
	}
	for _, p := range c.catalog.pipelines(objectType) {
		if p.ID == c.values["pipeline"] {
			return objectType, p, nil
		}
	}
	return "", pipeline{}, refuse(http.StatusNotFound, categoryNotFound, fmt.Sprintf("No pipeline found with id %s", c.values["pipeline"]))
}

// readPipeline is GET …/{pipeline}.
func readPipeline(c *call) (answer, error) {
	_, p, err := c.pathPipeline()
	return answer{http.StatusOK, p}, err
}

// listStages is GET …/{pipeline}/stages: in their order.
func listStages(c *call) (answer, error) {
	_, p, err := c.pathPipeline()
	return answer{http.StatusOK, hubspot.Page[pipelineStage]{Results: p.Stages}}, err
}

// readStage is GET …/{pipeline}/stages/{stage}.
func readStage(c *call) (answer, error) {
	_, p, err := c.pathPipeline()
	if err != nil {
		return answer{}, err
	}
	i := slices.IndexFunc(p.Stages, func(s pipelineStage) bool { return s.ID == c.values["stage"] })
	if i < 0 {
		return answer{}, noStage(c.values["stage"])
	}
	return answer{http.StatusOK, p.Stages[i]}, nil
}

func noStage(id string) *refusal {
	return refuse(http.StatusNotFound, categoryNotFound, fmt.Sprintf("No pipeline stage found with id %s", id))
}
