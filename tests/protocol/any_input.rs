//! Random inputs for the checks that `make fuzz` runs with inputs chosen by the coverage of the code.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::harness::{answers, resources, rpcs, values};

/// Inputs of up to this number of bytes.
const LENGTH: usize = 400;

fn inputs() -> impl Strategy<Value = Vec<u8>> {
    // Small bytes choose short texts, which are more often valid.
    let byte = prop_oneof![
        any::<u8>(),
        0_u8..8,
        prop::char::range('a', 'z').prop_map(|it| it as u8)
    ];
    vec(byte, 0..LENGTH)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_decoded_value_is_encoded_without_loss(input in inputs()) {
        values::check(&input);
    }

    #[test]
    fn every_rpc_answers_any_message(input in inputs()) {
        rpcs::check(&input);
    }

    #[test]
    fn terraform_accepts_the_plan_of_any_configuration(input in inputs()) {
        resources::check(&input);
    }

    #[test]
    fn any_answer_of_a_server_becomes_a_result_or_an_error(input in inputs()) {
        answers::check(&input);
    }
}
