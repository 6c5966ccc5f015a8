package hubspot

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Version chooses HubSpot's path family. The bodies are the same in all.
type Version string

// The versions. HubSpot ends support for v4 paths on 2027-03-30 and for v3 paths
// in September 2027; a dated version is supported for at least 18 months.
const (
	V3      Version = "v3" // v3 paths, and v4 ones for associations; the default
	V202603 Version = "2026-03"
	V202609 Version = "2026-09"
)

// Valid reports whether v is a version that this package knows.
func (v Version) Valid() bool { return v == V3 || v == V202603 || v == V202609 }

// routeID names one call of the API.
type routeID uint8

const (
	routeAccount routeID = iota + 1
	routeToken
	routeProperties
	routePropertyRules
	routeOwners
	routeLabels
	routeList
	routeObject
	routeBatchRead
	routeSearch
	routeAssociationRead
	routeCreate
	routeUpdate
	routeArchive
	routeBatchCreate
	routeBatchUpdate
	routeBatchArchive
	routeAssociate
	routeDissociate
	routeBatchAssociate
	routeBatchDissociate
	routeBatchRemoveLabels
)

// pace says which of HubSpot's limits a call counts against.
type pace uint8

const (
	windowed  pace = iota + 1 // the app's limit for ten seconds
	searching                 // search has a limit a second of its own
	unmetered                 // exempt by the API's specification: association batches and labels
)

// route is a call: its verb, its path in both families, and what it may do.
// {version} is the dated version; {type}, {from} and {to} are object types and
// stay readable in errors; {id} hides what stands there.
type route struct {
	method string
	v3     string
	dated  string
	reads  bool // changes nothing: allowed to a Reader, and sent again after a failure
	pace   pace
}

var routes = map[routeID]route{
	routeAccount:       {http.MethodGet, "/account-info/v3/details", "/account-info/{version}/details", true, windowed},
	routeToken:         {http.MethodPost, "/oauth/v2/private-apps/get/access-token-info", "/oauth/v2/private-apps/get/access-token-info", true, windowed},
	routeProperties:    {http.MethodGet, "/crm/v3/properties/{type}", "/crm/properties/{version}/{type}", true, windowed},
	routePropertyRules: {http.MethodGet, "/crm/v3/property-validations/{type}", "/crm/property-validations/{version}/{type}", true, windowed},
	routeOwners:        {http.MethodGet, "/crm/v3/owners", "/crm/owners/{version}", true, windowed},
	routeLabels:        {http.MethodGet, "/crm/v4/associations/{from}/{to}/labels", "/crm/associations/{version}/{from}/{to}/labels", true, unmetered},
	routeList:          {http.MethodGet, "/crm/v3/objects/{type}", "/crm/objects/{version}/{type}", true, windowed},
	routeObject:        {http.MethodGet, "/crm/v3/objects/{type}/{id}", "/crm/objects/{version}/{type}/{id}", true, windowed},
	routeBatchRead:     {http.MethodPost, "/crm/v3/objects/{type}/batch/read", "/crm/objects/{version}/{type}/batch/read", true, windowed},
	routeSearch:        {http.MethodPost, "/crm/v3/objects/{type}/search", "/crm/objects/{version}/{type}/search", true, searching},
	routeAssociationRead: {
		http.MethodPost,
		"/crm/v4/associations/{from}/{to}/batch/read", "/crm/associations/{version}/{from}/{to}/batch/read", true, unmetered,
	},

	routeCreate:       {http.MethodPost, "/crm/v3/objects/{type}", "/crm/objects/{version}/{type}", false, windowed},
	routeUpdate:       {http.MethodPatch, "/crm/v3/objects/{type}/{id}", "/crm/objects/{version}/{type}/{id}", false, windowed},
	routeArchive:      {http.MethodDelete, "/crm/v3/objects/{type}/{id}", "/crm/objects/{version}/{type}/{id}", false, windowed},
	routeBatchCreate:  {http.MethodPost, "/crm/v3/objects/{type}/batch/create", "/crm/objects/{version}/{type}/batch/create", false, windowed},
	routeBatchUpdate:  {http.MethodPost, "/crm/v3/objects/{type}/batch/update", "/crm/objects/{version}/{type}/batch/update", false, windowed},
	routeBatchArchive: {http.MethodPost, "/crm/v3/objects/{type}/batch/archive", "/crm/objects/{version}/{type}/batch/archive", false, windowed},
	routeAssociate: {
		http.MethodPut,
		"/crm/v3/objects/{from}/{id}/associations/{to}/{id}/{id}",
		"/crm/objects/{version}/{from}/{id}/associations/{to}/{id}/{id}", false, windowed,
	},
	routeDissociate: {
		http.MethodDelete,
		"/crm/v3/objects/{from}/{id}/associations/{to}/{id}/{id}",
		"/crm/objects/{version}/{from}/{id}/associations/{to}/{id}/{id}", false, windowed,
	},
	routeBatchAssociate: {
		http.MethodPost,
		"/crm/v4/associations/{from}/{to}/batch/create", "/crm/associations/{version}/{from}/{to}/batch/create", false, unmetered,
	},
	routeBatchDissociate: {
		http.MethodPost,
		"/crm/v4/associations/{from}/{to}/batch/archive", "/crm/associations/{version}/{from}/{to}/batch/archive", false, unmetered,
	},
	routeBatchRemoveLabels: {
		http.MethodPost,
		"/crm/v4/associations/{from}/{to}/batch/labels/archive",
		"/crm/associations/{version}/{from}/{to}/batch/labels/archive", false, unmetered,
	},
}

// pattern is the route's path in a version, its placeholders open.
func (r route) pattern(v Version) string {
	if v == V3 {
		return r.v3
	}
	return strings.ReplaceAll(r.dated, "{version}", string(v))
}

// call is one request to make: the route, where it goes, and what it carries.
type call struct {
	route
	path  string // escaped
	shown string // the path as errors and events show it: no ids, no addresses
	query url.Values
	body  []byte // nil: none
}

// newCall fills a route's placeholders, in their order, with args.
func (v Version) newCall(id routeID, args ...string) (call, error) {
	r := routes[id]
	c := call{route: r}
	segments := strings.Split(r.pattern(v), "/")
	shown := make([]string, len(segments))
	for i, segment := range segments {
		shown[i] = segment
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		arg := args[0]
		args = args[1:]
		if arg == "" || arg == "." || arg == ".." {
			return call{}, fmt.Errorf("building %s %s: %s is %q", r.method, r.pattern(v), segment, arg)
		}
		segments[i] = url.PathEscape(arg)
		if segment != "{id}" {
			shown[i] = segments[i]
		}
	}
	c.path, c.shown = strings.Join(segments, "/"), strings.Join(shown, "/")
	return c, nil
}

// name is the call as errors show it.
func (c call) name() string { return c.method + " " + c.shown }

// matchesPattern reports whether an escaped path has exactly the pattern's
// segments, a placeholder standing for one segment that is not empty or dots.
func matchesPattern(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, segment := range want {
		switch {
		case !strings.HasPrefix(segment, "{"):
			if got[i] != segment {
				return false
			}
		case got[i] == "", got[i] == ".", got[i] == "..":
			return false
		}
	}
	return true
}
