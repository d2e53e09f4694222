// Package calendar is the business calendar of a team: which days it works, and
// what a promise made in business days means on the clock.
//
// # Vocabulary
//
// A [Date] is a day on the wall: year, month and day, in no zone. A moment is a
// [time.Time]. A [Calendar] turns one into the other in the zone of its team.
//
// A working day is a day of the team's week, Monday to Friday unless it says
// otherwise. A business day is a working day that is not a holiday of the team's
// calendar. It opens at the hour the team starts and ends at its close of business.
//
// "Within N business days following X" ends at the close of business of the Nth
// business day strictly after the local date of X. The hour of X does not matter,
// and nothing is counted for the day of X itself: what is released on Friday,
// Saturday or Sunday starts to count on the same Monday.
//
// "N business days before X" ends at the close of business of the Nth business
// day strictly before the local date of X.
//
// # Holidays
//
// A team names its countries (see [Countries]), and may add dates of its own or
// say which of a country's holidays it works. A holiday that a country moves off
// a weekend is free on the day it is moved to, and is called
// "Independence Day (observed)" there.
//
// The rules of countries are known for the years 1970 to 2150. Outside them only
// the team's own dates are holidays.
//
// # Clock changes
//
// Opening and close are hours on the wall, so a business day may last an hour
// less or more. An hour that the clocks skip happens as much later as they jump;
// an hour that they repeat is meant the first time.
//
// Functions never read the clock of the machine: a caller passes the moment.
package calendar
