"""URLs of customer service: the agents' board, visits, queues, transcripts."""

from django.urls import path

from cloud.queue import queue_views, transcript_views, video_views, views, visit_views

app_name = "queue"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("board/", views.board, name="board"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("next/", views.take_next, name="next"),
    path("queues/", queue_views.queues, name="queues"),
    path("queues/new/<int:organisation>/", queue_views.new_queue, name="new-queue"),
    path("queues/<int:queue>/", queue_views.queue, name="queue"),
    path("transcripts/", transcript_views.transcripts, name="transcripts"),
    path("transcripts/csv/", transcript_views.transcripts_csv, name="transcripts-csv"),
    path("visits/<int:visit>/", visit_views.visit, name="visit"),
    path("visits/<int:visit>/photo/", visit_views.photo, name="photo"),
    path("visits/<int:visit>/messages/", visit_views.messages_part, name="messages"),
    path("visits/<int:visit>/take/", visit_views.take, name="take"),
    path("visits/<int:visit>/say/", visit_views.say, name="say"),
    path("visits/<int:visit>/release/", visit_views.release, name="release"),
    path("visits/<int:visit>/remove/", visit_views.remove, name="remove"),
    path("visits/<int:visit>/transfer/", visit_views.transfer, name="transfer"),
    path("visits/<int:visit>/video/", video_views.ask, name="video"),
    path("visits/<int:visit>/no-video/", video_views.refuse, name="no-video"),
    path("visits/<int:visit>/call/", video_views.call, name="call"),
    path("visits/<int:visit>/call/follow/", video_views.follow, name="follow"),
    path("visits/<int:visit>/call/end/", video_views.hang_up, name="hang-up"),
    path("servers/", video_views.servers, name="servers"),
    path("visits/<int:visit>/notes/", visit_views.notes, name="notes"),
]
