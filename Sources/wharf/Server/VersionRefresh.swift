import HTTPClient
import Logging
import ServiceLifecycle
import Settings
import WhatsApp

/// Follows the client version that the service's web page names.
struct VersionRefresh: Service {
    let versions: ClientVersionSource
    private let client: HTTPClient

    init(rememberedIn file: String, logger: Logger) {
        client = HTTPClient()
        versions = ClientVersionSource(rememberedIn: file, client: client, logger: logger)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await versions.refreshIfStale()
                // Ends early when it is time to stop.
                try? await Task.sleep(for: .seconds(6 * 3_600))
            }
        }
        await client.shutdown()
    }
}
