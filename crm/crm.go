// Package crm holds the nouns that a desired state and a live portal share:
// contacts, their addresses, properties and associations, and the portal they
// live in, with the value rules of its property definitions.
//
// The package is a leaf and pure: it reads nothing, knows no clock and no
// network, and every value in it can be compared, sorted and encoded.
package crm
