//! The results of a run of the benchmark, and their tables and charts. The benchmark and the tests of the pages share
//! this module: the benchmark records and prints results, the tests compare the pages with the recorded ones.

pub(crate) mod bars;
pub(crate) mod font;
pub(crate) mod growth;
pub(crate) mod headlines;
pub(crate) mod results;
pub(crate) mod scale;
pub(crate) mod svg;
pub(crate) mod tables;
pub(crate) mod units;
