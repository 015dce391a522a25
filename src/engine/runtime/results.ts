/** The schema answers lie in until they are disposed; no query can name it. */
export const RESULTS_SCHEMA = '"#results"';
/** Answers of an earlier life of a database file are nobody's. */
export const FORGET_RESULTS = `DROP SCHEMA IF EXISTS ${RESULTS_SCHEMA} CASCADE`;
