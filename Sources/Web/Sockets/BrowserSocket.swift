internal import Accounts
internal import Foundation
internal import Logging
internal import NIOWebSocket

/// Serves one browser's socket: subscriptions in, events out.
struct BrowserSocket: Sendable {
    let socket: WebSocket
    let sources: [String: TopicSource]
    let subscriptionLimit: Int
    let viewer: Viewer?
    let logger: Logger

    /// Runs until the browser goes.
    func serve() async {
        let subscriptions = Subscriptions(limit: subscriptionLimit)
        await withDiscardingTaskGroup { group in
            for await text in socket.messages {
                do {
                    switch try SocketCommand(parsing: text) {
                    case .subscribe(let topic, let after):
                        let stop = try subscriptions.begin(topic)
                        do {
                            let events = try await start(topic, after: after)
                            group.addTask {
                                await forward(events, of: topic, until: stop)
                                subscriptions.end(topic, stop)
                            }
                        } catch {
                            subscriptions.end(topic, stop)
                            throw error
                        }
                    case .unsubscribe(let topic):
                        try subscriptions.stop(topic)
                    }
                } catch {
                    await report(error)
                }
            }
            group.cancelAll()
        }
    }

    private func start(_ topic: String, after: UInt64?) async throws -> TopicEvents {
        let parts = topic.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let source = sources[String(parts[0])] else { throw SocketError.unknownTopic(topic) }
        do {
            return try await source.events(String(parts[1]), after, viewer)
        } catch {
            guard let error = userFacing(error) else { throw error }
            throw SocketError.refused(topic, code: error.code, message: error.message)
        }
    }

    private func forward(_ events: TopicEvents, of topic: String, until stop: StopSignal) async {
        await withTaskGroup { group in
            group.addTask {
                for await event in events {
                    let message = EventMessage(topic: topic, event: event)
                    guard let text = message.json, (try? await socket.send(text)) != nil else { return }
                }
            }
            group.addTask { await stop.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func report(_ error: any Error) async {
        let message: ErrorMessage
        if let error = error as? SocketError {
            message = ErrorMessage(code: error.code, message: error.message, topic: error.topic)
        } else if let error = userFacing(error) {
            message = ErrorMessage(code: error.code, message: error.message, topic: nil)
        } else {
            logger.error("Subscription failed", metadata: ["error": "\(error)"])
            let text = "Something went wrong on our side: try again."
            message = ErrorMessage(code: "server.internal", message: text, topic: nil)
        }
        guard let text = message.json else { return }
        // A failing send means that the browser has gone, which ends the loop that called.
        try? await socket.send(text)
    }
}
