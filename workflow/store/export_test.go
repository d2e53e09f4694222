package store

import "context"

// Statements runs SQL as one piece of the writer's work, to bring a database
// into trouble.
func (s *Store) Statements(ctx context.Context, statements ...string) error {
	_, err := s.do(ctx, "", func(b *batch) (refused, failed error) {
		for _, q := range statements {
			if err := b.exec(q); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return err
}

// Peek sends the number that a query of the writer's connection answers.
func (s *Store) Peek(ctx context.Context, query string, answer chan<- int64) error {
	_, err := s.do(ctx, "", func(b *batch) (refused, failed error) {
		var n int64
		if err := one(b.ctx, b.session, []any{&n}, query); err != nil {
			return nil, err
		}
		answer <- n
		return nil, nil
	})
	return err
}
