-- A month alone leaves tens of thousands of jobs that are done with. What waits, and what a clerk must be asked about, is
-- found without looking through them, at each sale.
CREATE INDEX print_jobs_queued ON print_jobs (ep, job) WHERE state = 'queued';
CREATE INDEX print_jobs_begun ON print_jobs (state) WHERE state IN ('sending', 'sent');
CREATE INDEX print_jobs_unknown ON print_jobs (ep, seq) WHERE state = 'unknown';
