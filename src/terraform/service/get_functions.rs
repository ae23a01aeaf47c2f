//! `GetFunctions`: the signatures of all functions.

use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::get_functions::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn get_functions(
        &self,
        _: Request,
    ) -> Result<Response, Diagnostics> {
        Ok(Response {
            functions: self.function_signatures(),
            ..Response::default()
        })
    }
}
