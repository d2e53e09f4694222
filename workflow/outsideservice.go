package workflow

import "context"

// This file is the service's door for what happens outside the chat: in the issue
// tracker, and by the bot itself.

// Observe changes a run by what the bot saw or did itself.
func (s *Service) Observe(ctx context.Context, request RequestID, id RunID, change func(Act, *Run) error) (*Run, error) {
	return s.store.Update(ctx, id, request, func(r *Run) error {
		return change(Act{Actor: Bot, At: s.now()}, r)
	})
}

// Outsider changes a run by what somebody did in the tracker, in their own name
// when they are known here and may do it; may says so. Otherwise the act is the
// bot's.
func (s *Service) Outsider(ctx context.Context, request RequestID, id RunID, by Outsider, ask Ask, change func(act Act, r *Run, may bool) error) (*Run, error) {
	var profile Profile
	if by.User != "" {
		p, err := s.Profile(ctx, by.User)
		if err != nil {
			return nil, err
		}
		profile = p
	}
	ask.Who = by.User
	return s.store.Update(ctx, id, request, func(r *Run) error {
		act := Act{Actor: Bot, At: s.now()}
		if by.User != "" {
			roster := s.Roster(r.def)
			if Admit(profile, r.teamName(roster, r.def.Owner)) == nil {
				if leave, err := Authorize(r, roster, ask); err == nil && !leave.Override {
					act.Actor, act.Leave = by.User, leave
				}
			}
		}
		return change(act, r, act.Actor != Bot)
	})
}

// WantHandle notes that a person says to be somebody in the tracker, and returns
// the code by which they prove it.
func (s *Service) WantHandle(ctx context.Context, who Who, name string) (code string, err error) {
	if err := s.admitted(ctx, who.User); err != nil {
		return "", err
	}
	if name, err = CheckHandle(name); err != nil {
		return "", err
	}
	code = newCode()
	err = s.store.UpdateOffice(ctx, who.Request, func(o *Office) error { return o.WantHandle(who.User, name, code, s.now()) }, nil)
	return code, err
}

// ConfirmHandle is that an account of the tracker wrote a code there. It reports
// whose name that confirms.
func (s *Service) ConfirmHandle(ctx context.Context, request RequestID, name string, account int64, code string) (person UserID, ok bool, err error) {
	err = s.store.UpdateOffice(ctx, request, func(o *Office) error {
		person, ok = o.ConfirmHandle(name, account, code, s.now())
		return nil
	}, nil)
	return person, ok, err
}

// ForgetHandle takes back what a person said of themselves.
func (s *Service) ForgetHandle(ctx context.Context, who Who) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.store.UpdateOffice(ctx, who.Request, func(o *Office) error { return o.ForgetHandle(who.User) }, nil)
}

// SetFact keeps what every run is to know, such as where our own logos are. The
// team that is asked for it and admins say so.
func (s *Service) SetFact(ctx context.Context, who Who, fact FactName, value string) error {
	if err := s.MaySetFact(ctx, who.User, fact); err != nil {
		return err
	}
	value, problem := checkAnswer(Field{Type: URL}, clean(value))
	if !problem.IsZero() {
		return &Error{Kind: Invalid, Message: problem, Fields: map[FieldID]Text{FieldID(fact): problem}}
	}
	act := Act{Actor: who.User, At: s.now()}
	change := func(o *Office) error { o.SetFact(fact, value); return nil }
	return s.store.UpdateOffice(ctx, who.Request, change, func(o *Office, r *Run) { r.Follow(act, o) })
}

// MaySetFact refuses those who have no say in what every run knows.
func (s *Service) MaySetFact(ctx context.Context, user UserID, fact FactName) error {
	if err := s.admitted(ctx, user); err != nil {
		return err
	}
	for _, def := range s.processes {
		roster := s.Roster(def)
		for _, res := range def.Resources {
			if res.Fact == fact && res.Ask != "" && (roster.IsAdmin(user) || roster.IsMember(res.Ask, user) || roster.IsMember(def.Owner, user)) {
				return nil
			}
		}
	}
	return fail(Denied, "That is for the team to say that is asked for it.")
}
