//! `ReadDataSource`: reads a data source.

use super::decode::decode_object;
use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::read_data_source::{Request, Response};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn read_data_source(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = decode_object(request.config.as_ref(), source.schema()?)?;
        let context = self
            .context()?
            .ok_or_else(|| messages::too_early(&format!("read {}", request.type_name)))?;
        let state = source.read(context, config).await?;
        Ok(Response {
            state: Some(DynamicValue::encode(&state)),
            diagnostics: self.report(Diagnostics::default()).into(),
            ..Response::default()
        })
    }
}
