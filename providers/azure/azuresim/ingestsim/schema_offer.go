package ingestsim

// resourceFields are the members of a resource of a type, besides those that all have.
// Members that documents call read-only may be sent back and mean nothing.
func resourceFields(kind string, level int) fields {
	switch kind {
	case productType:
		return fields{
			"identity!": object(fields{"externalId!": like(`^[a-z0-9][a-z0-9_-]{2,49}$`)}),
			// Documents list more types; only those of machines make sense here.
			"type!": among("azureVirtualMachine", "coreVirtualMachine"), "alias!": text(0, 120),
			"lifecycleState": among("generallyAvailable", "deprecated", "deleted"), "deprecationSchedule": schedule(),
			"productGroup": reference,
		}
	case planType:
		return fields{
			"product!": reference, "identity!": object(fields{"externalId!": like(`^[a-z0-9_-]{1,50}$`)}), "alias!": text(1, 125),
			"azureRegions": list(0, -1, among("azureGlobal", "azureGovernment", "azureGermany", "azureChina")),
			"azureGovernmentCertifications": list(0, 100, object(fields{
				"name!": text(1, 255), "link!": both(text(0, 1000), like(`^[a-z][a-z0-9+.-]*:`)),
			})),
			"displayRank": number(0, 2147483647), "subtype": among("managedApplication", "solutionTemplate"),
			"lifecycleState": among("generallyAvailable", "deprecated", "deleted"), "deprecationSchedule": schedule(),
		}
	case submissionType:
		return fields{
			"product!": reference,
			"target!":  object(fields{"targetType!": among("draft", "preview", "live"), "targetId": free()}),
			// These are the service's.
			"status": anything, "result": anything, "created": anything,
			"lifecycleState": among("generallyAvailable", "deprecated"), "deprecationSchedule": schedule(),
		}
	case propertyType:
		return propertyFields(level)
	case listingType:
		return listingFields()
	case planListingType:
		return fields{
			"kind!": among("azureVM-plan"), "product!": reference, "plan!": reference, "languageId!": free(),
			"name": free(), "summary": free(), "description": free(), "lifecycleState": among("generallyAvailable", "deleted"),
		}
	case audienceType:
		return fields{
			"product!": reference,
			"previewAudiences": list(0, -1, object(fields{
				"type!": among("none", "email", "subscription", "tenant", "ea", "msdn"), "id!": free(), "label": free(),
			})),
		}
	default:
		return techFields(level)
	}
}

func propertyFields(level int) fields {
	out := fields{
		"kind!": among("azureVM"), "product!": reference, "categories!": mapped(list(0, -1, free())),
		"termsConditions!": among("custom", "standardMicrosoft"),
		"termsOfUse":       free(), "termsOfUseUrl": free(), "standardContractAmendment": free(),
		"customAmendments": list(0, -1, anything), "lifecycleState": among("generallyAvailable", "deleted"),
	}
	if level >= 3 {
		out["industries"] = mapped(list(0, -1, free()))
		out["appVersion"] = free()
	}
	return out
}

// listingFields are the text of an offer. Documents give no lengths in the schema; the
// longest title and so on are judged when the text is published.
func listingFields() fields {
	contact := object(fields{"name!": free(), "email": like(`^[^@\s]+@[^@\s]+$`), "phone": free(), "url": like(`^https?://`)})
	return fields{
		"kind!": among("azureVM"), "product!": reference, "languageId!": free(),
		"title": free(), "description": free(), "searchResultSummary": free(), "shortDescription": free(),
		"privacyPolicyLink": free(), "globalSupportWebsite": free(), "governmentSupportWebsite": free(),
		"cloudSolutionProviderMarketingMaterials": free(), "cloudSolutionProviderContact": contact,
		"engineeringContact": contact, "supportContact": contact,
		"generalLinks":   list(0, -1, object(fields{"displayText!": free(), "link!": like(`^(http|https)://`)})),
		"lifecycleState": among("generallyAvailable", "deleted"),
	}
}
