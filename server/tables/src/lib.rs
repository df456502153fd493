//! Tables in and out: score sheets, bids and experts as CSV, XLSX and JSON.
