package import Fleet
import Synchronization
package import WhatsApp

/// Stands among the scheduler's listeners for the pipeline, which is made after the scheduler.
package final class PipelineInlet: SessionListener {
    package let name = "bots"
    private let pipeline = Mutex<BotPipeline?>(nil)

    package init() {}

    /// To be called before the first session starts.
    package func attach(_ pipeline: BotPipeline) {
        self.pipeline.withLock { $0 = pipeline }
    }

    package func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        await pipeline.withLock { $0 }?.hear(event, number: number, of: session)
    }
}
