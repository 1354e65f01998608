internal import Accounts
internal import Foundation
internal import Logging
internal import NIOWebSocket

/// Serves one browser's socket: subscriptions in, events out.
struct BrowserSocket: Sendable {
    let socket: WebSocket
    let sources: [String: TopicSource]
    let subscriptionLimit: Int
    let viewer: SocketViewer?
    let logger: Logger

    /// Runs until the browser goes.
    func serve() async {
        let subscriptions = Subscriptions(limit: subscriptionLimit)
        await withDiscardingTaskGroup { group in
            if let viewer { review(subscriptions, of: viewer, in: &group) }
            for await text in socket.messages {
                do {
                    switch try SocketCommand(parsing: text) {
                    case .subscribe(let topic, let after):
                        let stop = try subscriptions.begin(topic)
                        do {
                            let open = try await start(topic, after: after)
                            subscriptions.watch(topic, stop, open.review)
                            group.addTask {
                                await forward(open.events, of: topic, until: stop)
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

    private func start(_ topic: String, after: UInt64?) async throws -> OpenTopic {
        let parts = topic.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let source = sources[String(parts[0])] else { throw SocketError.unknownTopic(topic) }
        do {
            return try await source.open(String(parts[1]), after, await viewer?.current())
        } catch {
            guard let error = userFacing(error) else { throw error }
            throw SocketError.refused(topic, code: error.code, message: error.message)
        }
    }

    /// Looks at the rights on open topics now and then, and at once when somebody says so.
    private func review(
        _ subscriptions: Subscriptions,
        of viewer: SocketViewer,
        in group: inout DiscardingTaskGroup
    ) {
        group.addTask {
            while !Task.isCancelled {
                try? await Task.sleep(for: SocketViewer.interval)
                await review(subscriptions, of: viewer)
            }
        }
        group.addTask { for await _ in viewer.changes { await review(subscriptions, of: viewer) } }
    }

    /// Ends the topics that may not be followed any more, and says so.
    private func review(_ subscriptions: Subscriptions, of viewer: SocketViewer) async {
        let reviewed = subscriptions.reviewed
        guard !reviewed.isEmpty, !Task.isCancelled else { return }
        do {
            let now = try await viewer.current()
            for (topic, review) in reviewed {
                do {
                    guard now != nil else { throw RequestError.loginNeeded }
                    try await review(now)
                } catch {
                    guard let known = userFacing(error) else { throw error }
                    guard (try? subscriptions.stop(topic)) != nil else { continue }
                    await report(SocketError.refused(topic, code: known.code, message: known.message))
                }
            }
        } catch is CancellationError {
            // The browser has gone.
        } catch {
            // The next look decides: a database that is away for a moment ends nobody's page.
            logger.warning("Rights on topics could not be looked at", metadata: ["error": "\(error)"])
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
