package workflow

// StepName is what people call a step of the run: its number, its title in few
// words and, in a lane, the listing: "2.3.1 Create the listing (CE image)".
func (r *Run) StepName(n Node) Text {
	name := n.Step.name()
	if l, ok := r.Listing(n.Key.Listing); ok {
		return Say("%s (%s)", name, r.ListingName(l))
	}
	return name
}

// ListingName is a listing as people write it: "CE image"; where a run has
// listings of several partners, "CE image on AWS".
func (r *Run) ListingName(l *Listing) string {
	if r.Catalyst != nil {
		return l.FullName()
	}
	return l.Name()
}

// name is the step's number and its title in few words.
func (s *Step) name() Text {
	title := s.Short
	if title == "" {
		title = s.Title
	}
	return Say("%s %s", s.Number, title)
}
