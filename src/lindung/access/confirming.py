"""The page that asks for the code before a weighty step."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access import codes, step_up


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one leads back to the page, which is then carried out for five minutes."""
    sent = request.POST if request.method == "POST" else None
    form = codes.ReauthenticateForm(user=request.user, data=sent)
    if sent is not None and form.is_valid():
        form.save()
        return HttpResponseRedirect(step_up.next_page(request))
    context = {"form": form, "next": step_up.next_page(request)}
    return render(request, "account/step_up.html", context, status=422 if form.is_bound else 200)
