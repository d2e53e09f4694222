// Package maintenance keeps listings current. It watches for releases of the
// product and judges them by what several sources say, opens the work for the
// listings that a release concerns, and says what is behind, and how well the
// promise to customers was kept.
package maintenance
